//! All targets of a configuration, each scraped by a worker of its own.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use larum_core::time::Now;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use super::board::{Board, JobStatus, Key};
use super::certificates::Certificates;
use super::client::TargetClient;
use super::config::{Configuration, JobConfig};
use super::discovery::{Files, Targets};
use super::error::ScrapeError;
use super::session::Session;
use super::target::Target;
use super::worker::{Assignment, Clock, Worker};
use crate::store::Store;

/// How often files of targets are looked at.
const LOOK: Duration = Duration::from_secs(5);
/// The most targets that one job is scraped for, whatever it says.
const MOST_TARGETS: usize = 20_000;

/// Scrapes the targets of a configuration into a store.
pub struct ScrapePool {
    store: Arc<Store>,
    clock: Clock,
    board: Board,
    look: Duration,
    jobs: HashMap<String, Arc<JobConfig>>,
    /// By the job's name.
    clients: HashMap<String, TargetClient>,
    workers: HashMap<Key, watch::Sender<Assignment>>,
    tasks: JoinSet<()>,
    files: Files,
}

impl ScrapePool {
    /// A pool that scrapes nothing yet. `clock` reads both clocks.
    pub fn new(store: Arc<Store>, clock: impl Fn() -> Now + Send + Sync + 'static) -> Self {
        Self {
            store,
            clock: Arc::new(clock),
            board: Board::new(),
            look: LOOK,
            jobs: HashMap::new(),
            clients: HashMap::new(),
            workers: HashMap::new(),
            tasks: JoinSet::new(),
            files: Files::default(),
        }
    }

    /// Looks at files of targets so often; every five seconds unless set.
    #[must_use]
    pub fn looking_every(self, look: Duration) -> Self {
        Self { look, ..self }
    }

    /// How the targets are doing, also while the pool runs.
    pub fn board(&self) -> Board {
        self.board.clone()
    }

    /// Scrapes until `stop` turns true. A new configuration replaces the one before; targets that are in both go on
    /// as they were.
    ///
    /// # Panics
    /// If a worker has: its target would go unwatched and look as it last did.
    pub async fn run(
        mut self,
        mut configuration: watch::Receiver<Arc<Configuration>>,
        mut stop: watch::Receiver<bool>,
    ) {
        let mut look = tokio::time::interval(self.look);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut is_open = true;
        loop {
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => break,
                changed = configuration.changed(), if is_open => is_open = changed.is_ok(),
                _ = look.tick() => {}
            }
            let current = Arc::clone(&configuration.borrow_and_update());
            self.follow(&current, &stop).await;
            while let Some(ended) = self.tasks.try_join_next() {
                if let Err(Ok(panic)) = ended.map_err(JoinError::try_into_panic) {
                    std::panic::resume_unwind(panic);
                }
            }
        }
        // They heard it too, and write nothing more.
        self.tasks.join_all().await;
    }

    /// Finds the targets anew: begins with those that are new, and leaves those that are gone.
    async fn follow(&mut self, configuration: &Configuration, stop: &watch::Receiver<bool>) {
        let jobs: HashMap<String, Arc<JobConfig>> =
            configuration.jobs.iter().map(|job| (job.job_name.clone(), self.known(job))).collect();
        self.jobs = jobs;
        let (files, jobs) = (std::mem::take(&mut self.files), self.jobs.values().cloned().collect());
        let looked = tokio::task::spawn_blocking(move || look(files, jobs)).await;
        let Ok((files, found)) = looked else {
            tracing::error!("looking for targets has failed");
            return;
        };
        self.files = files;
        self.clients.retain(|name, _| self.jobs.contains_key(name));
        let mut wanted = HashMap::new();
        let mut statuses = BTreeMap::new();
        for Looked { job, targets, certificates, status } in found {
            let client = self.client(&job, certificates);
            assign(&job, targets, client, &mut wanted);
            statuses.insert(job.job_name.clone(), status);
        }
        // A worker whose sender is dropped ends. It may still be waiting for an answer, so its target leaves the board
        // here: it can be back before that.
        for (key, _) in self.workers.extract_if(|key, _| !wanted.contains_key(key)) {
            self.board.remove(&key);
        }
        for (key, assignment) in wanted {
            self.employ(key, assignment, stop);
        }
        self.board.set_jobs(statuses);
    }

    /// The job as it is known if nothing about it has changed, so that its workers need not look again.
    fn known(&self, job: &Arc<JobConfig>) -> Arc<JobConfig> {
        let known = self.jobs.get(&job.job_name).filter(|known| *known == job);
        Arc::clone(known.unwrap_or(job))
    }

    /// The client of a job, made anew when its settings or its certificates have changed. One that could not be made is
    /// tried again each time.
    fn client(
        &mut self,
        job: &JobConfig,
        certificates: Result<Certificates, ScrapeError>,
    ) -> Result<TargetClient, ScrapeError> {
        let certificates = certificates?;
        if let Some(known) = self.clients.get(&job.job_name)
            && known.was_made_of(&job.http, &certificates)
        {
            return Ok(known.clone());
        }
        let client = TargetClient::new(&job.http, certificates)?;
        self.clients.insert(job.job_name.clone(), client.clone());
        Ok(client)
    }

    fn employ(&mut self, key: Key, assignment: Assignment, stop: &watch::Receiver<bool>) {
        if let Some(sender) = self.workers.get(&key) {
            sender.send_if_modified(|current| {
                let same = *current == assignment;
                if !same {
                    self.board.add(&key, &assignment.target);
                    *current = assignment;
                }
                !same
            });
            return;
        }
        self.board.add(&key, &assignment.target);
        let (sender, receiver) = watch::channel(assignment);
        let worker = Worker {
            key: key.clone(),
            store: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock),
            board: self.board.clone(),
            assignment: receiver,
            stop: stop.clone(),
            session: Session::default(),
        };
        self.workers.insert(key, sender);
        self.tasks.spawn(worker.run());
    }
}

/// Gives each target of a job to a worker: to ask it by this client, or to fail for this reason.
fn assign(
    job: &Arc<JobConfig>,
    targets: Vec<Target>,
    client: Result<TargetClient, ScrapeError>,
    wanted: &mut HashMap<Key, Assignment>,
) {
    let limit = job.limits.targets.unwrap_or(MOST_TARGETS as u64).min(MOST_TARGETS as u64);
    let found = targets.len();
    let client = if found as u64 > limit { Err(ScrapeError::Targets { found, limit }) } else { client };
    for target in targets.into_iter().take(MOST_TARGETS) {
        let key = (job.job_name.clone(), target.hash());
        let (target, job, client) = (Arc::new(target), Arc::clone(job), client.clone());
        wanted.insert(key, Assignment { target, job, client });
    }
}

/// What the files say that a job names.
struct Looked {
    job: Arc<JobConfig>,
    targets: Vec<Target>,
    certificates: Result<Certificates, ScrapeError>,
    status: JobStatus,
}

fn look(mut files: Files, jobs: Vec<Arc<JobConfig>>) -> (Files, Vec<Looked>) {
    let looked = jobs.into_iter().map(|job| {
        let (groups, mut problems) = files.look(&job);
        let found = Targets::of(&job, &groups);
        problems.extend(found.wrong.iter().map(|(labels, error)| format!("{labels}: {error}")));
        let certificates = Certificates::read(&job.http.tls);
        Looked { job, targets: found.targets, certificates, status: JobStatus::new(found.dropped, problems) }
    });
    let looked = looked.collect();
    files.tidy();
    (files, looked)
}
