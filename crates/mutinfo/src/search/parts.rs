//! [`Parts`]: items put into parts, on all threads.

use std::ops::Range;

use crate::compute::threads;

/// How many items are put into parts at a time, as many as fit into a core's own memory.
const CHUNK: usize = 8192;

/// Items in parts; those of a part are in the order in which they came.
pub(super) struct Parts<T> {
    /// Chunk after chunk, part by part.
    items: Vec<T>,
    /// For each chunk, where in it each part starts, and where the last one ends.
    starts: Vec<Vec<u32>>,
}

impl<T: Copy + Default + Send> Parts<T> {
    /// Puts so many items into so many parts: item i, if `part_and_item(i)` is (p, t), is t and in
    /// part p.
    pub(super) fn new(
        items: usize,
        parts: usize,
        part_and_item: impl Fn(usize) -> (usize, T) + Sync,
    ) -> Self {
        let put = |part_of: &mut Vec<u32>, indices: Range<usize>, places: &mut [T]| {
            if parts == 1 {
                for (place, index) in places.iter_mut().zip(indices) {
                    *place = part_and_item(index).1;
                }
                return vec![0, places.len() as u32];
            }
            let mut starts = vec![0; parts + 1];
            part_of.clear();
            for index in indices.clone() {
                let (part, _) = part_and_item(index);
                starts[part] += 1;
                part_of.push(part as u32);
            }
            let mut start = 0;
            for count in &mut starts {
                start += *count;
                *count = start;
            }
            // Each entry is now the end of its part; filling a part from its end moves it down to
            // the start.
            for (index, &part) in indices.zip(&*part_of).rev() {
                let start = &mut starts[part as usize];
                *start -= 1;
                places[*start as usize] = part_and_item(index).1;
            }
            starts
        };
        let mut places = vec![T::default(); items];
        let tasks = threads::chunks(items, CHUNK).zip(places.chunks_mut(CHUNK));
        let starts = threads::map(tasks, Vec::new, |part_of, (indices, places)| {
            put(part_of, indices, places)
        });
        Self {
            items: places,
            starts,
        }
    }

    /// A part's items, run by run.
    pub(super) fn runs(&self, part: usize) -> impl DoubleEndedIterator<Item = &[T]> + Clone {
        let chunks = self.items.chunks(CHUNK).zip(&self.starts);
        chunks.map(move |(items, starts)| &items[starts[part] as usize..starts[part + 1] as usize])
    }

    /// The number of items of a part.
    pub(super) fn len(&self, part: usize) -> usize {
        self.runs(part).map(<[T]>::len).sum()
    }
}

/// Neighbouring slices of such lengths.
pub(super) fn cut<T>(
    mut values: &mut [T],
    lengths: impl Iterator<Item = usize>,
) -> impl Iterator<Item = &mut [T]> {
    lengths.map_while(move |length| values.split_off_mut(..length))
}
