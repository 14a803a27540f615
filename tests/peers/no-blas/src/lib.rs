//! Nothing. Functions that call BLAS are not linked, as nobody calls them.
#![no_std]
