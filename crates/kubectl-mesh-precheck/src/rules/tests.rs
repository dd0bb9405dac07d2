//! Tests of the rules: of every rule by its examples, and of the language by rules made here.

mod examples;
mod language;
