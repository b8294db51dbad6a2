//! Names of package parts as the packages in the world spell them: slashes either way, a slash in front or none,
//! escapes.

use std::borrow::Cow;

/// The name with its slashes forward and none in front.
pub(crate) fn normalised(name: &str) -> Cow<'_, str> {
    if name.contains('\\') {
        let name = name.replace('\\', "/");
        return Cow::Owned(name.trim_start_matches('/').to_owned());
    }
    Cow::Borrowed(name.trim_start_matches('/'))
}

/// The path without `.` and `..`.
pub(crate) fn without_dots(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split(['/', '\\']) {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    segments.join("/")
}

/// The text with `%20` and its like resolved.
pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
