//! Expressions that Istio hands to Envoy without quoting what the policy says.

use std::sync::Arc;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::{Anchored, Input, MatchKind, meta, util::syntax};

/// Memory that one automaton may take. A larger expression falls back to an engine that
/// is slower and smaller, and allocates once for each thread.
const DFA_LIMIT: usize = 1 << 20;

/// One expression that must match a value as a whole.
#[derive(Debug, Clone)]
pub(crate) struct Expression(Engine);

#[derive(Debug, Clone)]
enum Engine {
    Dense(Arc<dense::DFA<Vec<u32>>>),
    Meta(Box<meta::Regex>),
}

/// True if the text means something else as an expression than as a literal.
pub(crate) fn needs_expression(text: &str) -> bool {
    text.bytes().any(|byte| br"\.+*?()|[]{}^$".contains(&byte))
}

impl Expression {
    /// `None` if the expression is none to us. RE2 may refuse it as well, and then the proxy keeps its former
    /// configuration; either way nothing is known.
    pub(crate) fn new(expression: &str) -> Option<Self> {
        let whole = format!("^(?:{expression})$");
        let config = dense::Config::new()
            .start_kind(StartKind::Anchored)
            .match_kind(MatchKind::All)
            .dfa_size_limit(Some(DFA_LIMIT))
            .determinize_size_limit(Some(4 * DFA_LIMIT));
        let parser = syntax::Config::new().utf8(true);
        if let Ok(dfa) = dense::Builder::new()
            .configure(config)
            .syntax(parser)
            .build(&whole)
        {
            return Some(Self(Engine::Dense(Arc::new(dfa))));
        }
        let regex = meta::Builder::new().syntax(parser).build(&whole).ok()?;
        Some(Self(Engine::Meta(Box::new(regex))))
    }

    /// True if the whole value matches.
    pub(crate) fn matches(&self, value: &str) -> bool {
        let input = Input::new(value).anchored(Anchored::Yes);
        match &self.0 {
            // A dense automaton without quit bytes gives no error.
            Engine::Dense(dfa) => dfa.try_search_fwd(&input).is_ok_and(|end| end.is_some()),
            Engine::Meta(regex) => regex.is_match(input),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_matches_as_a_whole() {
        for (expression, value, want) in [
            (".*/ns/b.r/.*", "spiffe://td/ns/bar/sa/x", Some(true)),
            (".*/ns/b.r/.*", "spiffe://td/ns/baar/sa/x", Some(false)),
            ("spiffe://.*a|b", "spiffe://xa", Some(true)),
            ("spiffe://.*a|b", "spiffe://xb", Some(false)),
            ("spiffe://.*(", "", None),
            ("spiffe://.*", "spiffe://a\nb", Some(false)),
        ] {
            let got = Expression::new(expression).map(|expression| expression.matches(value));
            assert_eq!(got, want, "{expression} {value}");
        }
    }
}
