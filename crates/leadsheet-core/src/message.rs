//! What is to be said, before it is put in words: an id in the message catalogue and its arguments.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// A message. The words, in each language, live in the catalogue under `group-variant`.
///
/// Thousands of findings may say the same; a clone shares its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    group: &'static str,
    variant: &'static str,
    /// `None` where there are none.
    arguments: Option<Arc<Arguments>>,
}

type Arguments = Vec<(&'static str, String)>;

impl Message {
    /// A message without arguments. `group` is a rule's name, or what kind of message it is (`notice`).
    pub const fn new(group: &'static str, variant: &'static str) -> Self {
        Self {
            group,
            variant,
            arguments: None,
        }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        let arguments = self.arguments.get_or_insert_default();
        Arc::make_mut(arguments).push((name, value.to_string()));
        self
    }

    /// The same with every argument called `name` put in other words.
    #[must_use]
    pub fn map(mut self, name: &str, words: impl Fn(&str) -> String) -> Self {
        let arguments = self.arguments.iter_mut();
        for (argument, value) in arguments.flat_map(Arc::make_mut) {
            if *argument == name {
                *value = words(value);
            }
        }
        self
    }

    /// The key in the catalogue: `group`, or `group-variant` where there is a variant.
    pub fn id(&self) -> String {
        if self.variant.is_empty() {
            self.group.to_owned()
        } else {
            format!("{}-{}", self.group, self.variant)
        }
    }

    /// The arguments in the order given.
    pub fn arguments(&self) -> &[(&'static str, String)] {
        self.arguments.as_deref().map_or(&[], Vec::as_slice)
    }
}

/// The id and the arguments by name.
impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut message = serializer.serialize_struct("Message", 2)?;
        message.serialize_field("id", &self.id())?;
        let arguments: BTreeMap<_, _> = self
            .arguments()
            .iter()
            .map(|(name, value)| (name, value))
            .collect();
        message.serialize_field("arguments", &arguments)?;
        message.end()
    }
}

/// For logs and tests: the id and the arguments. People get the catalogue's words.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id())?;
        for (name, value) in self.arguments() {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}
