//! Several columns read at a time, each with the values that it holds: what comes out is the same whichever is done
//! first.

use std::io::{Read, Seek};
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::column::{Extent, Intake};
use super::{ParquetFile, Progress, ReadError, Table, limit};
use crate::grid::GridColumn;

/// Packed bytes from which a second thread is worth its start.
const LARGE: u64 = 1 << 20;

/// A column that was read.
pub(super) struct Taken {
    pub(super) intake: Intake,
    /// Its cells; their values are those of the intake.
    pub(super) cells: GridColumn,
    /// How many rows are filled.
    pub(super) filled: u64,
    /// Texts of its values that are not those of the rows.
    others: usize,
}

impl Taken {
    pub(super) fn new(intake: Intake) -> Self {
        Self {
            intake,
            cells: GridColumn::default(),
            filled: 0,
            others: 0,
        }
    }

    /// Says that what comes now are the rows.
    pub(super) fn begin_rows(&mut self) {
        self.intake.forget();
        self.others = self.intake.store.values.own_texts().len();
    }

    /// Whether every one of so many rows says something.
    pub(super) fn is_full(&self, rows: u64) -> bool {
        self.filled == rows && self.intake.store.values.blank_texts().is_empty()
    }

    /// The distinct texts of its rows.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.intake.store.values.own_texts().skip(self.others)
    }
}

/// What was read of all columns, and what still may be.
pub(super) struct Meter<'p> {
    most: u64,
    filled: AtomicU64,
    most_texts: u64,
    texts: AtomicU64,
    read: AtomicU64,
    packed: u64,
    progress: Progress<'p>,
}

impl<'p> Meter<'p> {
    pub(super) const fn new(
        most: u64,
        most_texts: u64,
        packed: u64,
        progress: Progress<'p>,
    ) -> Self {
        Self {
            most,
            filled: AtomicU64::new(0),
            most_texts,
            texts: AtomicU64::new(0),
            read: AtomicU64::new(0),
            packed,
            progress,
        }
    }

    /// Counts cells that are filled.
    pub(super) fn fill(&self, cells: u64) -> Result<(), ReadError> {
        let before = self.filled.fetch_add(cells, Ordering::Relaxed);
        if before.saturating_add(cells) > self.most {
            return Err(limit(self.most));
        }
        Ok(())
    }

    /// Counts texts that are kept.
    pub(super) fn keep(&self, texts: u64) -> Result<(), ReadError> {
        let before = self.texts.fetch_add(texts, Ordering::Relaxed);
        if before.saturating_add(texts) > self.most_texts {
            return Err(limit(self.most_texts));
        }
        Ok(())
    }

    /// Begins anew.
    pub(super) fn reset(&self) {
        self.filled.store(0, Ordering::Relaxed);
        self.texts.store(0, Ordering::Relaxed);
        self.read.store(0, Ordering::Relaxed);
    }

    /// Counts bytes that were unpacked.
    pub(super) fn read(&self, bytes: u64) {
        let before = self.read.fetch_add(bytes, Ordering::Relaxed);
        (self.progress)(before.saturating_add(bytes).min(self.packed), self.packed);
    }
}

impl<R: Read + Seek + Send> ParquetFile<'_, R> {
    /// All columns, every value.
    pub(super) fn every_column(
        &self,
        table: &Table,
        meter: &Meter<'_>,
    ) -> Result<Vec<Taken>, ReadError> {
        let wanted: Vec<_> = (0..table.incoming.len())
            .map(|position| (position, Extent::Values))
            .collect();
        self.side_by_side(table, &wanted, meter)
    }

    /// The columns at these positions among those that come in, each as far as it is wanted.
    pub(super) fn side_by_side(
        &self,
        table: &Table,
        wanted: &[(usize, Extent)],
        meter: &Meter<'_>,
    ) -> Result<Vec<Taken>, ReadError> {
        let packed = |&(position, _): &(usize, Extent)| self.packed(&table.incoming[position]);
        let mut order: Vec<usize> = (0..wanted.len()).collect();
        // The longest first, so that no thread is left alone with it.
        order.sort_by_key(|&at| packed(&wanted[at]));
        let workers = if wanted.iter().map(packed).sum::<u64>() < LARGE {
            1
        } else {
            thread::available_parallelism()
                .map_or(1, NonZero::get)
                .min(wanted.len())
        };
        let queue = Mutex::new(order);
        let done = Mutex::new(Vec::with_capacity(wanted.len()));
        let work = || loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(at) = next else { break };
            let (position, extent) = wanted[at];
            let taken = self.taken(table, &table.incoming[position], extent, meter);
            if taken.is_err() {
                queue.lock().unwrap_or_else(PoisonError::into_inner).clear();
            }
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((at, taken));
        };
        thread::scope(|scope| {
            for _ in 1..workers {
                // Where no thread can be had, this one does it all.
                let _ = thread::Builder::new().spawn_scoped(scope, work);
            }
            work();
        });
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_unstable_by_key(|&(at, _)| at);
        done.into_iter().map(|(_, taken)| taken).collect()
    }
}
