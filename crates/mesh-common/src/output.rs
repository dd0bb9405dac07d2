//! output.

/// One line for a terminal: to be replaced by the output module.
pub fn clean(text: &str, max: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(max).collect()
}
