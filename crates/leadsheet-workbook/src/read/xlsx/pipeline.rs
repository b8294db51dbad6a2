//! Unpacking and reading at the same time: one thread unpacks, the caller's reads. Where no thread can be had, the
//! caller's does both.

use std::io::{BufRead, Seek};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use super::inflate::{Window, Windows};
use super::package::{Package, damaged};
use crate::error::ReadError;

/// Windows that wait to be read: the fewer there are, the more of them are still in the caches of both cores. With none,
/// the next one is unpacked while one is read, and handed over when that is done.
const QUEUE: usize = 0;
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
        let (sender, windows) = sync_channel(QUEUE);
        let (spare, spares) = channel();
        let package = &mut *package;
        let unpacking = move || unpack(package, parts, &sender, &spares);
        thread::Builder::new().spawn_scoped(scope, unpacking).ok()?;
        Some(read(&mut Unpacked { windows, spare }))
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
    windows: &SyncSender<Result<Window, ReadError>>,
    spares: &Receiver<Window>,
) {
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
            if last {
                break;
            }
            while let Ok(spare) = spares.try_recv() {
                package.recycle(spare);
            }
        }
    }
}

/// Windows from the unpacking thread.
struct Unpacked {
    windows: Receiver<Result<Window, ReadError>>,
    spare: Sender<Window>,
}

impl Windows for Unpacked {
    fn begin(&mut self, _part: usize) -> Result<(), ReadError> {
        Ok(())
    }

    fn next(&mut self) -> Result<Window, ReadError> {
        // The thread ends before its parts do only when it panics, and then the scope does too.
        self.windows
            .recv()
            .unwrap_or_else(|_| Err(damaged("[package]", "unpacking stopped")))
    }

    fn recycle(&mut self, window: Window) {
        // Nobody takes it after the last part.
        let _ = self.spare.send(window);
    }
}
