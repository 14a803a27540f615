//! The shape of an array, and where each of its elements is stored.

use ndarray::{ArrayD, IxDyn, ShapeBuilder, ShapeError};

use super::stored::Picked;

/// The shape of an array and the order of its elements: numpy stores the last index fastest (C's
/// order) or the first (Fortran's).
///
/// Of three axes or more the first is the layer, the last the unit, and those between are the
/// samples. Two axes are samples and units of one layer, and one axis is a single unit.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) shape: Vec<usize>,
    pub(super) fortran_order: bool,
}

impl Layout {
    /// The number of elements, which was checked to be one when the tensor was made.
    pub(super) fn elements(&self) -> usize {
        product(&self.shape).unwrap_or(0)
    }

    pub(super) fn layers(&self) -> usize {
        match self.shape[..] {
            [layers, _, _, ..] => layers,
            _ => 1,
        }
    }

    /// The axes of the samples, and the number of units.
    pub(super) fn samples_and_units(&self) -> (&[usize], usize) {
        match &self.shape[..] {
            [samples, units] => (std::slice::from_ref(samples), *units),
            [_, samples @ .., units] => (samples, *units),
            samples => (samples, 1),
        }
    }

    /// Every element.
    pub(super) fn everything(&self) -> Picked {
        Picked {
            start: 0,
            step: 1,
            count: self.elements(),
        }
    }

    /// The elements of a layer that there is.
    pub(super) fn layer(&self, layer: usize) -> Picked {
        let count = self.elements() / self.layers();
        let (start, step) = match self.fortran_order {
            true => (layer, self.layers()),
            false => (layer * count, 1),
        };
        Picked { start, step, count }
    }

    /// The elements of a unit, of a layer that has it, with so many samples.
    pub(super) fn unit(&self, layer: usize, unit: usize, samples: usize) -> Picked {
        let (_, units) = self.samples_and_units();
        let (start, step) = match self.fortran_order {
            true => (layer + self.layers() * samples * unit, self.layers()),
            false => (layer * samples * units + unit, units),
        };
        let count = samples;
        Picked { start, step, count }
    }

    /// Elements in the order of storage, as an array of these axes.
    pub(super) fn shaped<T>(
        &self,
        axes: &[usize],
        stored: Vec<T>,
    ) -> Result<ArrayD<T>, ShapeError> {
        ArrayD::from_shape_vec(IxDyn(axes).set_f(self.fortran_order), stored)
    }

    /// Elements in the order of storage, of these axes, brought into the order of their indices,
    /// the last of them fastest.
    pub(super) fn in_order<T>(&self, axes: &[usize], stored: Vec<T>) -> Result<Vec<T>, ShapeError> {
        if self.fortran_order && axes.len() > 1 {
            Ok(self.shaped(axes, stored)?.into_iter().collect())
        } else {
            Ok(stored)
        }
    }

    /// The indices of the element at a place of the storage.
    pub(super) fn index(&self, mut place: usize) -> Vec<usize> {
        let mut index = vec![0; self.shape.len()];
        let mut split = |axis: usize| {
            index[axis] = place % self.shape[axis];
            place /= self.shape[axis];
        };
        let axes = 0..self.shape.len();
        match self.fortran_order {
            true => axes.for_each(&mut split),
            false => axes.rev().for_each(&mut split),
        }
        index
    }
}

/// The number of elements, where that can be counted.
pub(super) fn product(shape: &[usize]) -> Option<usize> {
    if shape.contains(&0) {
        return Some(0);
    }
    shape
        .iter()
        .try_fold(1usize, |product, &axis| product.checked_mul(axis))
}
