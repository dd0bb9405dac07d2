//! To come.

pub(crate) fn share(names: &[String], _percent: u8) -> Vec<String> {
    names.to_vec()
}
