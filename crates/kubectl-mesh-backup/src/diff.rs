//! `kubectl mesh-backup diff [A] [B|live]`.

mod fields;
