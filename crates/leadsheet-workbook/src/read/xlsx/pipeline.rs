//! Unpacking and reading at the same time: one thread unpacks, the caller's reads. Where no thread can be had, the
//! caller's does both.

use std::io::{BufRead, Seek};
use std::mem;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::inflate::{Window, Windows};
use super::package::{Package, damaged};
use crate::error::ReadError;

/// Windows there are: the fewer, the more of them are still in the caches of both cores.
const WINDOWS: usize = 6;
/// Read windows that are handed back together. Whoever unpacks is mostly ahead and waits; to be woken for every single
/// window costs a twentieth of all the time.
const HANDED_BACK: usize = 5;
/// Packed bytes from which a second thread is worth its start.
const LARGE: u64 = 256 << 10;

/// Runs `read` over the windows of `parts`, which it must begin in this order, each once and to its end.
pub(super) fn with_windows<R: BufRead + Seek + Send, T>(
    package: &mut Package<R>,
    parts: &[usize],
    packed: u64,
    mut read: impl FnMut(&mut dyn Windows) -> T,
) -> T {
    if packed < LARGE {
        return read(package);
    }
    let done = thread::scope(|scope| {
        let (sender, windows) = channel();
        let (spare, spares) = channel();
        let package = &mut *package;
        let unpacking = move || unpack(package, parts, &sender, &spares);
        thread::Builder::new().spawn_scoped(scope, unpacking).ok()?;
        Some(read(&mut Unpacked {
            windows,
            read: 0,
            done: Vec::new(),
            spare,
        }))
    });
    match done {
        Some(done) => done,
        None => read(package),
    }
}

/// Unpacks part after part until all are done, or nobody wants them any more.
fn unpack<R: BufRead + Seek>(
    package: &mut Package<R>,
    parts: &[usize],
    windows: &Sender<Result<Window, ReadError>>,
    spares: &Receiver<Vec<Window>>,
) {
    let mut free = WINDOWS;
    for &part in parts {
        let begun = package.begin(part);
        let mut refused = begun.err();
        loop {
            let window = match refused.take() {
                Some(error) => Err(error),
                None => package.next(),
            };
            let last = window.as_ref().map_or(true, Window::is_last);
            if windows.send(window).is_err() {
                return;
            }
            free -= 1;
            if free == 0 {
                let Ok(spares) = spares.recv() else {
                    return;
                };
                free = HANDED_BACK;
                for spare in spares {
                    package.recycle(spare);
                }
            }
            if last {
                break;
            }
        }
    }
}

/// Windows from the unpacking thread.
struct Unpacked {
    windows: Receiver<Result<Window, ReadError>>,
    /// How many were taken since some were handed back.
    read: usize,
    /// Those of them whose memory is free again.
    done: Vec<Window>,
    spare: Sender<Vec<Window>>,
}

impl Windows for Unpacked {
    fn begin(&mut self, _part: usize) -> Result<(), ReadError> {
        Ok(())
    }

    fn next(&mut self) -> Result<Window, ReadError> {
        // Whoever wants the next one has read the one before, whether or not its memory came back.
        if self.read == HANDED_BACK {
            self.read = 0;
            // Nobody takes them after the last part.
            let _ = self.spare.send(mem::take(&mut self.done));
        }
        self.read += 1;
        // The thread ends before its parts do only when it panics, and then the scope does too.
        self.windows
            .recv()
            .unwrap_or_else(|_| Err(damaged("[package]", "unpacking stopped")))
    }

    fn recycle(&mut self, window: Window) {
        self.done.push(window);
    }
}
