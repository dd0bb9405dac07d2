//! What was asked: the command, and the connection it is for.

use std::path::PathBuf;

use kube::config::{Config, KubeConfigOptions, Kubeconfig};

/// One call.
pub(super) struct Call {
    /// The arguments in the recordings' spelling, without the connection's flags.
    pub(super) args: Vec<String>,
    /// The part that changes something, understood.
    pub(super) verb: Verb,
    pub(super) kubeconfig: Option<PathBuf>,
    pub(super) context: Option<String>,
    pub(super) istio_namespace: String,
}

/// The commands that change something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Set {
        tag: String,
        revision: String,
        overwrite: bool,
        yes: bool,
        webhook_name: Option<String>,
    },
    Remove {
        tag: String,
        yes: bool,
    },
    Other,
}

impl Verb {
    /// Whether both are the same command, whatever its names and flags.
    pub(super) fn same_command(&self, other: &Self) -> bool {
        *self != Self::Other && std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    fn parse(args: &[String]) -> Self {
        let mut words = Vec::new();
        let (mut revision, mut webhook_name) = (None, None);
        let (mut overwrite, mut yes) = (false, false);
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            match arg.as_str() {
                "--revision" => revision = rest.next().cloned(),
                "--webhook-name" => webhook_name = rest.next().cloned(),
                "--overwrite" => overwrite = true,
                "-y" => yes = true,
                flag if flag.starts_with('-') => return Self::Other,
                word => words.push(word),
            }
        }
        match (&words[..], revision) {
            (["tag", "set", tag], Some(revision)) => Self::Set {
                tag: (*tag).to_owned(),
                revision,
                overwrite,
                yes,
                webhook_name,
            },
            (["tag", "remove", tag], None) => Self::Remove {
                tag: (*tag).to_owned(),
                yes,
            },
            _ => Self::Other,
        }
    }
}

impl Call {
    pub(super) fn parse(raw: &[String]) -> Self {
        let (mut kubeconfig, mut context) = (None, None);
        let mut istio_namespace = "istio-system".to_owned();
        let mut args = Vec::new();
        let mut rest = raw.iter().flat_map(|arg| match arg.split_once('=') {
            // `--remote=false` is recorded in one piece.
            Some((
                flag @ ("--kubeconfig" | "--context" | "--istioNamespace" | "--revision"
                | "--output"),
                value,
            )) => {
                vec![flag.to_owned(), value.to_owned()]
            }
            _ => vec![arg.clone()],
        });
        while let Some(arg) = rest.next() {
            match arg.as_str() {
                "--kubeconfig" | "-c" => kubeconfig = rest.next().map(PathBuf::from),
                "--context" => context = rest.next(),
                "--istioNamespace" | "-i" => istio_namespace = rest.next().unwrap_or_default(),
                "-r" => args.push("--revision".to_owned()),
                "--output" => args.push("-o".to_owned()),
                "--skip-confirmation" => args.push("-y".to_owned()),
                _ => args.push(arg),
            }
        }
        Self {
            verb: Verb::parse(&args),
            args,
            kubeconfig,
            context,
            istio_namespace,
        }
    }

    /// The kubeconfig named by flag, else by `$KUBECONFIG`.
    fn config(&self) -> Result<Kubeconfig, String> {
        let path = self
            .kubeconfig
            .clone()
            .or_else(|| std::env::var_os("KUBECONFIG").map(PathBuf::from));
        let path = path.ok_or("no kubeconfig given")?;
        Kubeconfig::read_from(&path).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// The context and the server this call would talk to.
    pub(super) fn where_to(&self) -> (Option<String>, Option<String>) {
        let Ok(config) = self.config() else {
            return (self.context.clone(), None);
        };
        let context = self.context.clone().or(config.current_context);
        let cluster = config
            .contexts
            .iter()
            .find(|named| Some(&named.name) == context.as_ref())
            .and_then(|named| named.context.as_ref())
            .map(|context| context.cluster.clone());
        let server = config
            .clusters
            .iter()
            .find(|named| Some(&named.name) == cluster.as_ref())
            .and_then(|named| named.cluster.as_ref()?.server.clone());
        (context, server)
    }

    pub(super) async fn client(&self) -> Result<kube::Client, String> {
        // Two providers may be compiled in; whoever comes second finds one installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let options = KubeConfigOptions {
            context: self.context.clone(),
            ..KubeConfigOptions::default()
        };
        let config = Config::from_custom_kubeconfig(self.config()?, &options)
            .await
            .map_err(|e| e.to_string())?;
        kube::Client::try_from(config).map_err(|e| e.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, Verb};

    fn parse(line: &str) -> Call {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Call::parse(&args)
    }

    #[test]
    fn the_connection_is_set_aside_wherever_it_stands() {
        for line in [
            "tag list -o json --kubeconfig /k --istioNamespace mesh",
            "--kubeconfig=/k -i mesh tag list --output=json",
            "tag -c /k list --output json --istioNamespace=mesh --context x",
        ] {
            let call = parse(line);
            assert_eq!(call.args, ["tag", "list", "-o", "json"], "{line}");
            assert_eq!(call.kubeconfig.as_deref(), Some(std::path::Path::new("/k")));
            assert_eq!(call.istio_namespace, "mesh");
            assert_eq!(call.verb, Verb::Other);
        }
    }

    #[test]
    fn mutations_are_understood() {
        let call = parse("tag set prod -r 1-28-1 --overwrite --skip-confirmation --webhook-name x");
        assert_eq!(
            call.verb,
            Verb::Set {
                tag: "prod".into(),
                revision: "1-28-1".into(),
                overwrite: true,
                yes: true,
                webhook_name: Some("x".into()),
            }
        );
        assert_eq!(
            parse("tag remove prod").verb,
            Verb::Remove {
                tag: "prod".into(),
                yes: false
            }
        );
        for line in [
            "tag set prod",
            "tag set prod --revision",
            "tag remove",
            "tag set a b --revision 1",
            "tag set a --revision 1 --unknown",
        ] {
            assert_eq!(parse(line).verb, Verb::Other, "{line}");
        }
    }
}
