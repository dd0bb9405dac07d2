//! Expressions that Istio hands to Envoy without quoting what the policy says.

use std::{fmt, sync::Arc};

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::{self, pikevm};
use regex_automata::util::{pool::Pool, syntax};
use regex_automata::{Anchored, Input, MatchKind};

/// Memory that one automaton may take. A larger expression falls back to an engine that
/// is slower and smaller, and allocates once for each thread.
const DFA_LIMIT: usize = 1 << 20;
/// Memory that a larger expression may take. RE2 takes 8 MiB for its own form of it.
const NFA_LIMIT: usize = 10 << 20;

/// One expression that must match a value as a whole.
#[derive(Debug, Clone)]
pub(crate) struct Expression(Engine);

#[derive(Debug, Clone)]
enum Engine {
    Dense(Arc<dense::DFA<Vec<u32>>>),
    Nfa(Arc<Slow>),
}

/// An expression too large for a table, and room for those who run it at the same time.
struct Slow {
    vm: Arc<pikevm::PikeVM>,
    room: Pool<pikevm::Cache, Make>,
}

type Make = Box<
    dyn Fn() -> pikevm::Cache + Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe,
>;

impl fmt::Debug for Slow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.vm.fmt(f)
    }
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
        // Without it `((.{1000}){1000}){1000}` takes all memory that there is.
        let limit = thompson::Config::new().nfa_size_limit(Some(NFA_LIMIT));
        if let Ok(dfa) = dense::Builder::new()
            .configure(config)
            .syntax(parser)
            .thompson(limit.clone())
            .build(&whole)
        {
            return Some(Self(Engine::Dense(Arc::new(dfa))));
        }
        let vm = pikevm::Builder::new()
            .syntax(parser)
            .thompson(limit)
            .build(&whole)
            .ok()?;
        let vm = Arc::new(vm);
        let of = Arc::clone(&vm);
        let room = Pool::new(Box::new(move || of.create_cache()) as Make);
        Some(Self(Engine::Nfa(Arc::new(Slow { vm, room }))))
    }

    /// True if the whole value matches.
    pub(crate) fn matches(&self, value: &str) -> bool {
        let input = Input::new(value).anchored(Anchored::Yes);
        match &self.0 {
            // A dense automaton without quit bytes gives no error.
            Engine::Dense(dfa) => dfa.try_search_fwd(&input).is_ok_and(|end| end.is_some()),
            Engine::Nfa(slow) => slow.vm.is_match(&mut slow.room.get(), input),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_too_large_for_a_table_matches_the_same() {
        let expression = Expression::new(r"spiffe://.*/(.{1,300}x){3}y").unwrap();
        assert!(matches!(expression.0, Engine::Nfa(_)));
        let long = |end: &str| format!("spiffe://td/{}{end}", "abcx".repeat(3));
        assert!(expression.matches(&long("y")));
        assert!(!expression.matches(&long("z")));
    }

    #[test]
    fn an_expression_that_would_take_all_memory_is_none() {
        assert!(Expression::new(r"((.{1000}){1000}){1000}").is_none());
    }

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
