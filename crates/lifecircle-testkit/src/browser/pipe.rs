//! The process and its two pipes: descriptor 3 takes commands, descriptor 4 gives answers and events, each a JSON text
//! that ends with a zero byte.
//!
//! The pipes are FIFOs in the folder of the profile. To open one end waits for the other, so this side first holds both
//! ends of both, and lets go once the process has answered; from then on a process that ends is an end of the file.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{env, process, thread};

use serde_json::Value;

/// How long it has to end by itself.
const FAREWELL: Duration = Duration::from_secs(3);

#[derive(Debug)]
pub(super) struct Pipe {
    child: Arc<Mutex<Child>>,
    folder: PathBuf,
    /// Closed, it tells the process to end.
    commands: Option<File>,
    messages: Receiver<Value>,
    /// Both ends of both pipes, until the process has opened its own.
    held: Option<[File; 2]>,
    life: Duration,
    death: Instant,
    /// Dropped, it sends the guard home.
    _guard: Sender<()>,
}

impl Pipe {
    /// Starts `program` with a profile of its own; it lives no longer than `life`.
    ///
    /// # Panics
    /// When the profile cannot be made or the program cannot be started.
    pub(super) fn start(program: &Path, flags: &[&str], life: Duration) -> Self {
        let folder = fresh_folder();
        let (input, output) = (folder.join("in"), folder.join("out"));
        let made = Command::new("mkfifo").args([&input, &output]).status().expect("mkfifo runs");
        assert!(made.success(), "mkfifo {} {}", input.display(), output.display());
        let opened = |path: &Path, options: &OpenOptions| {
            options.open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let both = OpenOptions::new().read(true).write(true).clone();
        let held = [opened(&input, &both), opened(&output, &both)];
        let commands = Some(opened(&input, OpenOptions::new().write(true)));
        let answers = opened(&output, OpenOptions::new().read(true));
        let words = File::create(folder.join("words")).expect("the profile can be written");
        let child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<\"$0/in\" 4>\"$0/out\""])
            .arg(&folder)
            .arg(program)
            .args(flags)
            .arg("--remote-debugging-pipe")
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(words)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let child = Arc::new(Mutex::new(child));
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || pass_on(answers, &sender));
        let (guard, home) = mpsc::channel::<()>();
        let prey = Arc::clone(&child);
        // a write into a full pipe waits as well, and nothing but the end of its reader wakes it
        thread::spawn(move || {
            if home.recv_timeout(life) == Err(RecvTimeoutError::Timeout) {
                end(&prey);
            }
        });
        let death = Instant::now() + life;
        Self { child, folder, commands, messages, held: Some(held), life, death, _guard: guard }
    }

    /// # Panics
    /// When the process is gone.
    pub(super) fn send(&mut self, command: &Value) {
        let mut bytes = command.to_string().into_bytes();
        bytes.push(0);
        let written = self.commands.as_mut().map_or(Ok(()), |commands| commands.write_all(&bytes));
        if let Err(error) = written {
            panic!("{} cannot be sent: {error}{}", command["method"], self.words());
        }
    }

    /// The next message; `what` is waited for.
    ///
    /// # Panics
    /// When the process ends first, or its time is over.
    pub(super) fn receive(&mut self, what: &str) -> Value {
        loop {
            // while both ends are held here, a process that ended is no end of the file
            let step = if self.held.is_some() { Duration::from_millis(100) } else { self.life };
            let left = self.death.saturating_duration_since(Instant::now());
            match self.messages.recv_timeout(step.min(left)) {
                Ok(message) => {
                    self.held = None;
                    return message;
                }
                Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                    panic!("{what}: the browser's {:?} are over{}", self.life, self.words())
                }
                Err(RecvTimeoutError::Timeout) if !self.is_gone() => {}
                Err(_) => panic!("{what}: the browser has ended{}", self.words()),
            }
        }
    }

    fn is_gone(&self) -> bool {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        child.try_wait().is_ok_and(|status| status.is_some())
    }

    /// What the process has said on its standard error.
    fn words(&self) -> String {
        let words = fs::read(self.folder.join("words")).unwrap_or_default();
        let words = String::from_utf8_lossy(&words);
        words.lines().rev().take(8).fold(String::new(), |later, line| format!("\n{line}{later}"))
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        (self.held, self.commands) = (None, None);
        let late = Instant::now() + FAREWELL;
        while !self.is_gone() && Instant::now() < late {
            thread::sleep(Duration::from_millis(10));
        }
        end(&self.child);
        // its children may write for a moment longer
        for _ in 0..20 {
            if fs::remove_dir_all(&self.folder).is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Kills the process, if it has not ended, and takes note of its end.
fn end(child: &Mutex<Child>) {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    // both fail only where it is gone
    let _ = child.kill();
    let _ = child.wait();
}

/// A new folder for temporary files.
fn fresh_folder() -> PathBuf {
    static LAST: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = LAST.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("lifecircle-browser-{}-{number}", process::id()));
        match fs::create_dir(&folder) {
            Ok(()) => return folder,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => panic!("{}: {error}", folder.display()),
        }
    }
}

/// Passes messages on until the pipe ends, or nobody listens.
fn pass_on(answers: impl Read, sender: &Sender<Value>) {
    let mut answers = BufReader::new(answers);
    let mut bytes = Vec::new();
    while answers.read_until(0, &mut bytes).is_ok_and(|read| read > 0) && bytes.pop() == Some(0) {
        let Ok(message) = serde_json::from_slice(&bytes) else { break };
        if sender.send(message).is_err() {
            break;
        }
        bytes.clear();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_end_with_a_zero() {
        let (sender, messages) = mpsc::channel();
        pass_on(&b"{\"id\":1}\0{\"method\":\"x\"}\0{\"cut\":"[..], &sender);
        drop(sender);
        let found: Vec<Value> = messages.iter().collect();
        assert_eq!(found, [json!({ "id": 1 }), json!({ "method": "x" })]);
    }

    /// A browser that is a few lines of sh.
    fn played(lines: &str, life: Duration) -> Pipe {
        let mut pipe = Pipe::start(Path::new("sh"), &["-c", lines], life);
        assert_eq!(pipe.receive("its first word"), json!({ "id": 0 }));
        pipe
    }

    const LONG: Duration = Duration::from_secs(50);
    const SHORT: Duration = Duration::from_millis(400);
    const FIRST: &str = "printf '{\"id\":0}\\0' >&4\n";

    #[test]
    fn commands_are_answered_until_the_end() {
        let mut pipe = played(&format!("{FIRST} exec cat <&3 >&4"), LONG);
        let (folder, command) = (pipe.folder.clone(), json!({ "id": 1, "method": "echo" }));
        pipe.send(&command);
        assert_eq!(pipe.receive("an echo"), command);
        drop(pipe);
        assert!(!folder.exists(), "nothing is left of it");
    }

    #[test]
    #[should_panic(expected = "a second word: the browser has ended\nnot today")]
    fn a_program_that_ends_is_told_with_its_words() {
        played(&format!("{FIRST} echo not today >&2"), LONG).receive("a second word");
    }

    #[test]
    #[should_panic(expected = "its first word: the browser has ended\nnot today")]
    fn a_program_that_never_answers_is_told() {
        played("echo not today >&2", LONG);
    }

    #[test]
    #[should_panic(expected = "a second word: the browser")]
    fn nobody_waits_longer_than_it_lives() {
        played(&format!("{FIRST} exec sleep 100"), SHORT).receive("a second word");
    }

    #[test]
    #[should_panic(expected = "\"much\" cannot be sent")]
    fn nobody_writes_longer_than_it_lives() {
        // more than any pipe holds
        let much = json!({ "method": "much", "params": "x".repeat(1 << 22) });
        played(&format!("{FIRST} exec sleep 100"), SHORT).send(&much);
    }
}
