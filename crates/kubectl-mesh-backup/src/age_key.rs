//! Encryption by age: to whom an archive is encrypted, and what opens one.

use std::{
    collections::HashMap,
    fmt,
    fs::File,
    io::{self, BufReader, Cursor, Read, Write},
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use age::{DecryptError, Encryptor, secrecy::SecretString};
use mesh_common::{
    Ctx, Error, Result,
    mesh::archive::{Lock, Locked, Out, Unlock, refusal},
    output::{Printer, clean},
    prompt,
};

/// Shortest passphrase that a file of private keys is trusted to.
const SHORTEST: usize = 10;

/// What a passphrase may cost at most, as a power of two: some seconds, and a gigabyte and a half.
const WORK: u8 = 20;

/// Longest file of identities.
const IDENTITIES_MAX: u64 = 1 << 20;

/// What opens encrypted backups.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct KeyArgs {
    /// File with an age identity or a private SSH key, for an encrypted backup; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: Vec<PathBuf>,
}

/// To whom an archive is encrypted.
pub(crate) enum Recipients {
    /// The holders of these keys.
    Keys(Vec<Box<dyn age::Recipient + Send>>),
    /// Whoever knows this.
    Passphrase(SecretString),
}

impl Recipients {
    /// Keys as they are typed: `age1…`, `ssh-ed25519 …`, `ssh-rsa …`.
    ///
    /// # Errors
    /// What is none, and a private key.
    pub(crate) fn keys(typed: &[String]) -> Result<Self> {
        typed
            .iter()
            .map(|key| recipient(key))
            .collect::<Result<_>>()
            .map(Self::Keys)
    }

    /// The same, and this process for as long as it lives.
    ///
    /// # Errors
    /// As [`keys`](Self::keys).
    pub(crate) fn keys_and(typed: &[String], own: &Own) -> Result<Self> {
        let mut all: Vec<Box<dyn age::Recipient + Send>> = vec![Box::new(own.0.to_public())];
        for key in typed {
            all.push(recipient(key)?);
        }
        Ok(Self::Keys(all))
    }

    /// A passphrase, typed twice.
    ///
    /// # Errors
    /// Without a terminal, and one that is too short or was not typed the same twice.
    pub(crate) fn passphrase(ctx: &Ctx) -> Result<Self> {
        let first = prompt::passphrase(&ctx.printer, "Passphrase for the backup")?;
        if first.chars().count() < SHORTEST {
            return Err(Error::refused(format!(
                "a passphrase for private keys has at least {SHORTEST} characters; nothing was made"
            )));
        }
        let second = prompt::passphrase(&ctx.printer, "The same again")?;
        if first != second {
            return Err(Error::refused(
                "the two passphrases are not the same; nothing was made",
            ));
        }
        Ok(Self::Passphrase(first.into()))
    }
}

fn recipient(typed: &str) -> Result<Box<dyn age::Recipient + Send>> {
    let key = typed.trim();
    if let Ok(key) = key.parse::<age::x25519::Recipient>() {
        return Ok(Box::new(key));
    }
    if let Ok(key) = key.parse::<age::ssh::Recipient>() {
        return Ok(Box::new(key));
    }
    if key.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-") || key.contains("PRIVATE KEY") {
        // Not quoted: it is a secret.
        return Err(Error::refused(
            "--encrypt-to takes a public key, and this is a private one; nothing was made",
        )
        .hint("age-keygen -y FILE prints the public key of an identity"));
    }
    Err(Error::refused(format!(
        "{} is no public key of age or SSH; nothing was made",
        clean(key, 80)
    ))
    .hint("--encrypt-to age1... or --encrypt-to 'ssh-ed25519 AAAA...'"))
}

impl Lock for Recipients {
    fn lock(&self, out: Out) -> io::Result<Box<dyn Locked>> {
        let encryptor = match self {
            Self::Keys(keys) => {
                let keys = keys.iter().map(|key| &**key as &dyn age::Recipient);
                Encryptor::with_recipients(keys).map_err(io::Error::other)?
            }
            Self::Passphrase(passphrase) => Encryptor::with_user_passphrase(passphrase.clone()),
        };
        Ok(Box::new(Sealing(encryptor.wrap_output(out)?)))
    }
}

struct Sealing(age::stream::StreamWriter<Out>);

impl Write for Sealing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Locked for Sealing {
    fn finish(self: Box<Self>) -> io::Result<Out> {
        self.0.finish()
    }
}

/// A key pair that dies with the process: what it encrypts to others it can read itself until then, and nobody after.
#[derive(Clone)]
pub(crate) struct Own(age::x25519::Identity);

impl Own {
    /// A new one.
    pub(crate) fn new() -> Self {
        Self(age::x25519::Identity::generate())
    }
}

/// What opens encrypted archives; a passphrase is asked for when the first one needs it, and once.
#[derive(Clone)]
pub(crate) struct Keys {
    identities: Vec<PathBuf>,
    own: Option<Own>,
    printer: Printer,
    typed: Arc<OnceLock<SecretString>>,
    /// Passphrases of SSH keys, by what was asked.
    asked: Arc<Mutex<HashMap<String, SecretString>>>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("identities", &self.identities)
            .finish_non_exhaustive()
    }
}

impl Keys {
    /// What was given on the command line.
    pub(crate) fn new(ctx: &Ctx, args: &KeyArgs) -> Self {
        Self {
            identities: args.identity.clone(),
            own: None,
            printer: ctx.printer.clone(),
            typed: Arc::default(),
            asked: Arc::default(),
        }
    }

    /// The same, and what this process encrypted itself.
    pub(crate) fn and(&self, own: &Own) -> Self {
        Self {
            own: Some(own.clone()),
            ..self.clone()
        }
    }

    fn identities(&self) -> io::Result<Vec<Box<dyn age::Identity>>> {
        let mut all: Vec<Box<dyn age::Identity>> = Vec::new();
        if let Some(Own(own)) = &self.own {
            all.push(Box::new(own.clone()));
        }
        for path in &self.identities {
            let name = clean(&path.display().to_string(), 200);
            let mut text = Vec::new();
            File::open(path)
                .and_then(|file| file.take(IDENTITIES_MAX).read_to_end(&mut text))
                .map_err(|e| refusal(format!("the identity {name} cannot be read: {e}")))?;
            let ssh = age::ssh::Identity::from_buffer(Cursor::new(&text), Some(name.clone()));
            if let Ok(key) = ssh {
                if let age::ssh::Identity::Unsupported(_) = key {
                    return Err(refusal(format!("age cannot use the SSH key {name}")));
                }
                let asked = Asked(self.printer.clone(), Arc::clone(&self.asked));
                all.push(Box::new(key.with_callbacks(asked)));
                continue;
            }
            let file = age::IdentityFile::from_buffer(Cursor::new(&text));
            let keys = file
                .ok()
                .and_then(|file| file.into_identities().ok())
                .filter(|keys| !keys.is_empty())
                .ok_or_else(|| {
                    refusal(format!(
                        "{name} holds neither an age identity nor an SSH key"
                    ))
                })?;
            all.extend(keys.into_iter().map(|key| key as Box<dyn age::Identity>));
        }
        Ok(all)
    }

    fn passphrase(&self) -> io::Result<SecretString> {
        if let Some(typed) = self.typed.get() {
            return Ok(typed.clone());
        }
        let typed = prompt::passphrase(&self.printer, "Passphrase of the backup")
            .map_err(|_| refusal("it is encrypted with a passphrase, which takes a terminal"))?;
        Ok(self.typed.get_or_init(|| typed.into()).clone())
    }
}

impl Unlock for Keys {
    fn unlock(&self, mut file: Box<dyn Read>) -> io::Result<Box<dyn Read>> {
        let mut magic = Vec::new();
        file.by_ref().take(4).read_to_end(&mut magic)?;
        let encrypted = magic == b"age-";
        let whole = Cursor::new(magic).chain(file);
        if !encrypted {
            return Ok(Box::new(whole));
        }
        let decryptor =
            age::Decryptor::new_buffered(BufReader::new(whole)).map_err(|e| said(&e))?;
        let identities: Vec<Box<dyn age::Identity>> = if decryptor.is_scrypt() {
            let mut identity = age::scrypt::Identity::new(self.passphrase()?);
            identity.set_max_work_factor(WORK);
            vec![Box::new(identity)]
        } else if self.identities.is_empty() && self.own.is_none() {
            return Err(refusal(NO_IDENTITY));
        } else {
            self.identities()?
        };
        let plain = decryptor
            .decrypt(identities.iter().map(|i| &**i))
            .map_err(|e| match e {
                DecryptError::NoMatchingKeys if self.identities.is_empty() => refusal(NO_IDENTITY),
                e => said(&e),
            })?;
        Ok(Box::new(plain))
    }
}

const NO_IDENTITY: &str = "it is encrypted; add --identity FILE with the key that opens it";

/// Asks for the passphrase of an SSH key, once: a file is read more than once.
#[derive(Clone)]
struct Asked(Printer, Arc<Mutex<HashMap<String, SecretString>>>);

impl age::Callbacks for Asked {
    fn display_message(&self, message: &str) {
        self.0.note(message);
    }

    fn confirm(&self, _: &str, _: &str, _: Option<&str>) -> Option<bool> {
        None
    }

    fn request_public_string(&self, _: &str) -> Option<String> {
        None
    }

    fn request_passphrase(&self, description: &str) -> Option<SecretString> {
        let mut asked = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(typed) = asked.get(description) {
            return Some(typed.clone());
        }
        let typed: SecretString = prompt::passphrase(&self.0, description).ok()?.into();
        asked.insert(description.to_owned(), typed.clone());
        Some(typed)
    }
}

/// Our words for what age says.
fn said(e: &DecryptError) -> io::Error {
    refusal(match e {
        DecryptError::NoMatchingKeys => "it is encrypted, and none of the keys opens it",
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            "it is encrypted, and what was given does not open it"
        }
        DecryptError::ExcessiveWork { .. } => {
            "its passphrase would take longer to try than any of ours does"
        }
        DecryptError::UnknownFormat => "it is encrypted in a way that is not known here",
        DecryptError::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
            "it is truncated: it ends in the middle of its header"
        }
        _ => "it is damaged: what age has written at its beginning was changed",
    })
}

#[cfg(test)]
mod tests;
