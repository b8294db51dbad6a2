//! A progress bar on work over a second, when a person watches.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::Session;

/// Work shorter than this shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Progress over a number of files.
pub(crate) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    shown: bool,
    interactive: bool,
}

impl Progress {
    /// A bar for `files` files, which stays unseen until it is worth seeing.
    pub(crate) fn new(session: &Session, files: usize, interactive: bool) -> Self {
        let bar =
            ProgressBar::with_draw_target(Some(files as u64 * 100), ProgressDrawTarget::hidden());
        let template = "{bar:30} {percent:>3}% {msg} ({eta})";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self {
            bar,
            begun: Instant::now(),
            shown: false,
            interactive: interactive && session.progress,
        }
    }

    /// Whether anybody may come to see it.
    pub(crate) const fn is_watched(&self) -> bool {
        self.interactive
    }

    /// File `position` is `share` (0 to 1) done.
    pub(crate) fn at(&mut self, position: usize, share: f64, name: &str) {
        if self.interactive && !self.shown && self.begun.elapsed() >= PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
        if self.shown {
            self.bar.set_message(name.to_owned());
            self.bar
                .set_position(position as u64 * 100 + (share * 100.0) as u64);
        }
    }

    /// Takes the bar away.
    pub(crate) fn done(self) {
        self.bar.finish_and_clear();
    }
}
