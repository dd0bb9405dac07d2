//! Tests of the category.
