//! [`Rectangles`]: how many points of the plane lie in a rectangle, in as many steps as their
//! number has binary digits.
//!
//! The points stand in the order of x; what is stored is the place of each in the order of y, as a
//! wavelet matrix (Claude, Navarro and Ordóñez 2015, Information Systems 47): one bit of all places
//! after another, each time with the zeros moved before the ones.

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

    fn count_within(&self, centre: &[f64], radius: f64) -> usize {
        let x = self.x.range_within(centre[0], radius);
        let y = self.y.range_within(centre[1], radius);
        self.places.count_below(&x, y.end) - self.places.count_below(&x, y.start)
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

    /// How many of the numbers at these places are less than `limit`.
    fn count_below(&self, places: &Range<usize>, limit: usize) -> usize {
        let Range { mut start, mut end } = *places;
        if limit >> self.bits.len() > 0 {
            return end - start;
        }
        let mut count = 0;
        for (digit, bits) in (0..self.bits.len()).rev().zip(&self.bits) {
            let (ones_before, ones_to_end) = (bits.ones_before(start), bits.ones_before(end));
            let zeros = start - ones_before..end - ones_to_end;
            if limit >> digit & 1 == 1 {
                count += zeros.len();
                (start, end) = (bits.zeros + ones_before, bits.zeros + ones_to_end);
            } else {
                (start, end) = (zeros.start, zeros.end);
            }
        }
        count
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
    fn ones_before(&self, place: usize) -> usize {
        let word = self.words[place / 64];
        let before = word.bits & ((1 << (place % 64)) - 1);
        word.ones_before as usize + before.count_ones() as usize
    }
}
