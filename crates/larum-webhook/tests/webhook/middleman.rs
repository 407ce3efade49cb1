//! Proxies, in a few lines each.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A proxy that leads wherever the test says, whatever it is asked for.
pub struct Middleman {
    /// Its host and port.
    pub address: String,
    asked: watch::Receiver<Vec<String>>,
}

impl Middleman {
    /// A proxy for HTTP: it digs tunnels to the port, and answers to what it should pass on with 200.
    pub async fn leading_to(port: &str) -> Self {
        let (listener, tell, proxy) = Self::start().await;
        let target = format!("127.0.0.1:{port}");
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass_on(stream, target.clone(), Arc::clone(&tell)));
            }
        });
        proxy
    }

    /// A proxy that speaks SOCKS 5 (RFC 1928) without asking who is there.
    pub async fn of_socks_leading_to(port: &str) -> Self {
        let (listener, tell, proxy) = Self::start().await;
        let target = format!("127.0.0.1:{port}");
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connect(stream, target.clone(), Arc::clone(&tell)));
            }
        });
        proxy
    }

    async fn start() -> (TcpListener, Arc<watch::Sender<Vec<String>>>, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (tell, asked) = watch::channel(Vec::new());
        (listener, Arc::new(tell), Self { address, asked })
    }

    /// The heads of the requests that it was asked, in small letters.
    pub fn asked(&self) -> Vec<String> {
        self.asked.borrow().clone()
    }
}

async fn pass_on(stream: TcpStream, target: String, tell: Arc<watch::Sender<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await.unwrap() == 0 {
            return;
        }
    }
    tell.send_modify(|asked| asked.push(head.to_ascii_lowercase()));
    if !head.starts_with("CONNECT ") {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
        return;
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
    let mut target = TcpStream::connect(target).await.unwrap();
    let _ = copy_bidirectional(&mut stream, &mut target).await;
}

async fn connect(mut stream: TcpStream, target: String, tell: Arc<watch::Sender<Vec<String>>>) {
    let mut greeting = [0; 2];
    stream.read_exact(&mut greeting).await.unwrap();
    stream.read_exact(&mut vec![0; usize::from(greeting[1])]).await.unwrap();
    stream.write_all(&[5, 0]).await.unwrap();
    let mut head = [0; 5];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(head[3], 3, "it is given a name");
    let mut name = vec![0; usize::from(head[4])];
    stream.read_exact(&mut name).await.unwrap();
    stream.read_exact(&mut [0; 2]).await.unwrap();
    tell.send_modify(|asked| asked.push(String::from_utf8(name).unwrap()));
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
    let mut target = TcpStream::connect(target).await.unwrap();
    let _ = copy_bidirectional(&mut stream, &mut target).await;
}
