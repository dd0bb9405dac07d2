//! Logs through threads: one reads, the others judge. The result is the same for any number of them.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, SyncSender},
    },
    thread,
};

use super::{
    blocks::{Block, Blocks, Shard, Source},
    stage::Stage,
    summary::Summary,
    tally::Tally,
};

/// Judges all lines of the logs.
///
/// # Errors
/// A log cannot be opened: its name, and why. One that ends before its end is no error; the summary has it.
pub(super) fn judge(
    stage: &Stage,
    sources: &[Source],
    shard: Option<Shard>,
    threads: usize,
) -> Result<Summary, (String, io::Error)> {
    let opened = |nth: usize, source: &Source| {
        Blocks::open(source, nth as u64).map_err(|e| (source.name(), e))
    };
    if threads <= 1 {
        let mut tally = Tally::new(stage, shard);
        let mut broken = Vec::new();
        let mut room = Block::default();
        for (nth, source) in sources.iter().enumerate() {
            let mut blocks = opened(nth, source)?;
            while let Some(block) = blocks.next(std::mem::take(&mut room)) {
                tally.block(&block);
                room = block;
            }
            tally.too_long(blocks.take_too_long(shard));
            broken.extend(blocks.broken.map(|why| (source.name(), why)));
        }
        return Ok(with_broken(tally.finish(), broken));
    }
    thread::scope(|scope| {
        let (full, blocks) = mpsc::sync_channel::<Block>(threads);
        let (empty, rooms) = mpsc::channel::<Block>();
        let blocks = Arc::new(Mutex::new(blocks));
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let (empty, blocks) = (empty.clone(), Arc::clone(&blocks));
                scope.spawn(move || {
                    let mut tally = Tally::new(stage, shard);
                    while let Some(block) = take(&blocks) {
                        tally.block(&block);
                        // Nobody waits for room when the log has ended.
                        let _ = empty.send(block);
                    }
                    tally.finish()
                })
            })
            .collect();
        let mut long = Tally::new(stage, shard);
        let mut broken = Vec::new();
        let read = (|| {
            for (nth, source) in sources.iter().enumerate() {
                let mut blocks = opened(nth, source)?;
                read(&mut blocks, &full, &rooms);
                long.too_long(blocks.take_too_long(shard));
                broken.extend(blocks.broken.map(|why| (source.name(), why)));
            }
            Ok(())
        })();
        drop(full);
        let mut summary = long.finish();
        for worker in workers {
            match worker.join() {
                Ok(part) => summary = summary.merge(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        read.map(|()| with_broken(summary, broken))
    })
}

fn take(blocks: &Mutex<Receiver<Block>>) -> Option<Block> {
    let blocks = blocks.lock().unwrap_or_else(PoisonError::into_inner);
    blocks.recv().ok()
}

fn read(blocks: &mut Blocks, full: &SyncSender<Block>, rooms: &Receiver<Block>) {
    loop {
        let room = rooms.try_recv().unwrap_or_default();
        let Some(block) = blocks.next(room) else {
            return;
        };
        if full.send(block).is_err() {
            return;
        }
    }
}

fn with_broken(mut summary: Summary, broken: Vec<(String, String)>) -> Summary {
    let lines = broken
        .into_iter()
        .map(|(name, why)| format!("{name}: {why}"));
    summary.broken.extend(lines);
    summary
}
