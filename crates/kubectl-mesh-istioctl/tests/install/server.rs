//! A web server of this machine with the faults of others.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    /// `name: value`, names in lower case.
    pub(crate) headers: Vec<String>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let start = format!("{name}: ");
        self.headers.iter().find_map(|h| h.strip_prefix(&start))
    }

    /// Where a range begins.
    pub(crate) fn from(&self) -> Option<usize> {
        let range = self.header("range")?.strip_prefix("bytes=")?;
        range.strip_suffix('-')?.parse().ok()
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: String,
    headers: Vec<String>,
    body: Vec<u8>,
    /// Hang up after so many bytes of the body.
    cut: Option<usize>,
    /// Say nothing more after so many bytes, and hold the line.
    hang: Option<usize>,
}

impl Reply {
    pub(crate) fn ok(body: &[u8]) -> Self {
        Self {
            status: "200 OK".into(),
            headers: vec![format!("Content-Length: {}", body.len())],
            body: body.to_vec(),
            cut: None,
            hang: None,
        }
    }

    pub(crate) fn status(status: &str) -> Self {
        Self {
            status: status.into(),
            ..Self::ok(status.as_bytes())
        }
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::status("302 Found").header(&format!("Location: {to}"))
    }

    /// The rest of a body.
    pub(crate) fn rest(body: &[u8], from: usize) -> Self {
        let reply = Self::ok(&body[from..]);
        let (last, total) = (body.len() - 1, body.len());
        Self {
            status: "206 Partial Content".into(),
            ..reply
        }
        .header(&format!("Content-Range: bytes {from}-{last}/{total}"))
    }

    pub(crate) fn header(mut self, header: &str) -> Self {
        self.headers.push(header.into());
        self
    }

    pub(crate) fn cut(mut self, after: usize) -> Self {
        self.cut = Some(after);
        self
    }

    pub(crate) fn hang(mut self, after: usize) -> Self {
        self.hang = Some(after);
        self
    }

    /// Says that there is more than there is.
    pub(crate) fn claiming(mut self, length: u64) -> Self {
        self.headers = vec![format!("Content-Length: {length}")];
        self
    }
}

/// Ends when dropped.
pub(crate) struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    over: Arc<AtomicBool>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let server = Self {
            port: listener.local_addr().expect("it is bound").port(),
            asked: Arc::default(),
            over: Arc::default(),
        };
        let (asked, over) = (server.asked.clone(), server.over.clone());
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let (asked, answer) = (asked.clone(), answer.clone());
                // A caller that hangs up is no business of ours.
                thread::spawn(move || drop(serve(stream, &asked, &*answer)));
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("nobody panics").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes it up, to see that.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

fn serve(
    mut stream: TcpStream,
    asked: &Mutex<Vec<Asked>>,
    answer: &dyn Fn(&Asked) -> Reply,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    loop {
        let mut first = String::new();
        if lines.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line)? <= 2 {
                break;
            }
            let (name, value) = line.trim_end().split_once(": ").unwrap_or_default();
            headers.push(format!("{}: {value}", name.to_ascii_lowercase()));
        }
        let mut words = first.split(' ').map(str::to_owned);
        let one = Asked {
            method: words.next().unwrap_or_default(),
            path: words.next().unwrap_or_default(),
            headers,
        };
        asked.lock().expect("nobody panics").push(one.clone());
        let reply = answer(&one);
        if one.method == "CONNECT" && reply.status.starts_with("200") {
            // A tunnel, to ourselves.
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            continue;
        }
        let head = [&[format!("HTTP/1.1 {}", reply.status)][..], &reply.headers].concat();
        stream.write_all((head.join("\r\n") + "\r\n\r\n").as_bytes())?;
        let end = reply.cut.or(reply.hang).unwrap_or(reply.body.len());
        stream.write_all(&reply.body[..end])?;
        stream.flush()?;
        if reply.hang.is_some() {
            // Until the caller goes.
            lines.read_line(&mut String::new())?;
        }
        if reply.cut.is_some() {
            return stream.shutdown(Shutdown::Both);
        }
    }
}
