//! Archives over HTTP, from this machine to this machine.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// The files of a directory. Ends when dropped.
pub(crate) struct Files {
    port: u16,
    served: Arc<Mutex<Vec<String>>>,
    over: Arc<AtomicBool>,
}

impl Files {
    pub(crate) fn serve(dir: &Path) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let files = Self {
            port: listener.local_addr().unwrap().port(),
            served: Arc::default(),
            over: Arc::default(),
        };
        let (dir, served, over) = (dir.to_owned(), files.served.clone(), files.over.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                // A caller that hangs up is no business of ours.
                drop(answer(stream, &dir, &served));
            }
        });
        files
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Whether this file was fetched.
    pub(crate) fn served(&self, name: &str) -> bool {
        self.served.lock().unwrap().iter().any(|n| n == name)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes it up, to see that.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

fn answer(mut stream: TcpStream, dir: &Path, served: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut request = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    request.read_line(&mut line)?;
    let mut header = String::new();
    while request.read_line(&mut header)? > 2 {
        header.clear();
    }
    let path = line.split(' ').nth(1).unwrap_or_default();
    // Only names that lie in the directory itself.
    let name = path.rsplit('/').next().unwrap_or_default().to_owned();
    let file: PathBuf = dir.join(&name);
    let (status, body) = match std::fs::read(&file) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)?;
    if status.starts_with("200") {
        served.lock().unwrap().push(name);
    }
    Ok(())
}
