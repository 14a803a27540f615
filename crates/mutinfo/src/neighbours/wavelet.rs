//! [`Rectangles`]: how many points of the plane lie in a rectangle, in as many steps as their
//! number has binary digits.
//!
//! The points stand in the order of x; what is stored is the place of each in the order of y, as a
//! wavelet matrix (Claude, Navarro and Ordóñez 2015, Information Systems 47): one bit of all places
//! after another, each time with the zeros moved before the ones.

use std::hint::select_unpredictable as select;
use std::ops::Range;

use crate::plane::Column;

use super::Counting;

/// Points of the plane.
pub(crate) struct Rectangles {
    x: Column,
    y: Column,
    places: WaveletMatrix,
}

impl Rectangles {
    pub(crate) fn new(x: Vec<f64>, y: Vec<f64>) -> Self {
        let (x, y) = (Column::new(x), Column::new(y));
        let mut place = vec![0; y.len()];
        for (at, &row) in (0..).zip(y.rows()) {
            place[row as usize] = at;
        }
        let places = x.rows().iter().map(|&row| place[row as usize]).collect();
        let places = WaveletMatrix::new(places);
        Self { x, y, places }
    }
}

impl Counting for Rectangles {
    fn rows(&self) -> &[u32] {
        self.x.rows()
    }

    #[inline(always)]
    fn count_within(&self, centre: &[f64], radius: f64) -> usize {
        let x = self.x.range_within(centre[0], radius);
        let y = self.y.range_within(centre[1], radius);
        let [before, to_end] = self.places.counts_below(&x, [y.start, y.end]);
        to_end - before
    }
}

/// The numbers 0, 1, …, n − 1 in any order.
struct WaveletMatrix {
    /// From the highest bit to the lowest.
    bits: Vec<Bits>,
}

impl WaveletMatrix {
    fn new(mut numbers: Vec<u32>) -> Self {
        let digits = usize::BITS - numbers.len().saturating_sub(1).leading_zeros();
        let bits = (0..digits).rev().map(|digit| {
            let is_one = |number: &u32| number >> digit & 1 == 1;
            let bits = Bits::new(numbers.iter().map(is_one));
            let (ones, zeros): (Vec<u32>, _) = numbers.iter().partition(|number| is_one(number));
            numbers = [zeros, ones].concat();
            bits
        });
        Self {
            bits: bits.collect(),
        }
    }

    /// How many of the numbers at these places are less than each limit. (The processor follows
    /// both paths at once.)
    #[inline(always)]
    fn counts_below(&self, places: &Range<usize>, limits: [usize; 2]) -> [usize; 2] {
        let mut counts = [0; 2];
        let mut paths = [(places.start, places.end); 2];
        for (digit, bits) in (0..self.bits.len()).rev().zip(&self.bits) {
            for ((count, (start, end)), limit) in counts.iter_mut().zip(&mut paths).zip(limits) {
                let (ones_before, ones_to_end) = (bits.ones_before(*start), bits.ones_before(*end));
                let (zeros_before, zeros_to_end) = (*start - ones_before, *end - ones_to_end);
                let is_one = limit >> digit & 1 == 1;
                *count += select(is_one, zeros_to_end - zeros_before, 0);
                *start = select(is_one, bits.zeros + ones_before, zeros_before);
                *end = select(is_one, bits.zeros + ones_to_end, zeros_to_end);
            }
        }
        // A limit with more digits than the numbers have is above all of them.
        let all = |limit: usize| limit >> self.bits.len() > 0;
        [0, 1].map(|i| {
            if all(limits[i]) {
                places.len()
            } else {
                counts[i]
            }
        })
    }
}

/// A row of bits, whose ones can be counted up to any place.
struct Bits {
    words: Vec<Word>,
    zeros: usize,
}

#[derive(Clone, Copy, Default)]
struct Word {
    bits: u64,
    /// The ones in all words before.
    ones_before: u32,
}

impl Bits {
    fn new(bits: impl ExactSizeIterator<Item = bool>) -> Self {
        let n = bits.len();
        // A word more than needed: a place may be the end.
        let mut words = vec![Word::default(); n / 64 + 1];
        for (place, bit) in bits.enumerate() {
            words[place / 64].bits |= u64::from(bit) << (place % 64);
        }
        let mut ones = 0;
        for word in &mut words {
            word.ones_before = ones;
            ones += word.bits.count_ones();
        }
        let zeros = n - ones as usize;
        Self { words, zeros }
    }

    /// The ones before a place.
    #[inline(always)]
    fn ones_before(&self, place: usize) -> usize {
        let word = self.words[place / 64];
        let before = word.bits & ((1 << (place % 64)) - 1);
        word.ones_before as usize + before.count_ones() as usize
    }
}
