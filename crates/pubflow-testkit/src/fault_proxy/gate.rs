//! Holds requests back, and tells a test when one has arrived.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// Holds requests back until it is opened.
#[derive(Debug, Clone)]
pub struct Gate {
    arrived: Arc<watch::Sender<u64>>,
    open: Arc<watch::Sender<bool>>,
}

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn closed() -> Self {
        Self {
            arrived: Arc::new(watch::Sender::new(0)),
            open: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Lets through what is held back and what comes later.
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until a request is held back.
    pub async fn reached(&self) {
        let mut arrived = self.arrived.subscribe();
        // The sender lives as long as this gate.
        let _ = arrived.wait_for(|n_requests| *n_requests > 0).await;
    }

    /// The same without an async runtime; whether a request arrived in time.
    #[must_use]
    pub fn wait_reached(&self, within: Duration) -> bool {
        let begun = Instant::now();
        while *self.arrived.borrow() == 0 {
            if begun.elapsed() > within {
                return false;
            }
            thread::sleep(Duration::from_millis(2));
        }
        true
    }

    pub(super) async fn pass(&self) {
        self.arrived.send_modify(|n_requests| *n_requests += 1);
        let mut open = self.open.subscribe();
        let _ = open.wait_for(|is_open| *is_open).await;
    }
}
