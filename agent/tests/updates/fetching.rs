//! The agent's own half, against a server on loopback.

use crate::{
    maker::{Maker, NEW, NOW, OLD, index, packed},
    support::{Collector, Reply, Request, Server, identity, json},
};
use beforehand_agent::{
    config::Config,
    run,
    time::{Clock, Reading},
    update::{Updater, note, stage::Stage},
};
use beforehand_shared::{
    enrol::REPORTS_PATH,
    report::Goodbye,
    time::Millis,
    update::{Able, CameTo, FILES_PATH, Index, OFFER_PATH, Offer},
};
use std::{path::Path, sync::Arc, time::Duration};
use tokio::sync::{Notify, mpsc, oneshot};

/// One machine, and what its collector answers.
struct Asked {
    config: Config,
    folder: tempfile::TempDir,
    heard: Arc<Notify>,
}

impl Asked {
    fn ready(&self) -> bool {
        Stage::new(&self.config.state).is_ready()
    }

    fn came_to(&self) -> Option<CameTo> {
        note::updates(&self.config).last.map(|attempt| attempt.came_to)
    }

    /// Why nothing is ready.
    fn why(&self) -> String {
        assert!(!self.ready());
        let left = std::fs::read_dir(self.config.state.join("update")).map_or(0, Iterator::count);
        assert_eq!(left, 0, "nothing is left of a download that failed");
        match self.came_to() {
            Some(CameTo::Refused { why } | CameTo::Failed { why }) => why,
            other => panic!("{other:?}"),
        }
    }
}

/// Asks once; `answers` is what the collector says to either question.
async fn ask(maker: &Maker, answers: impl Fn(&Request) -> Reply + Send + 'static) -> Asked {
    let folder = tempfile::tempdir().unwrap();
    ask_in(folder, maker, answers).await
}

async fn ask_in(
    folder: tempfile::TempDir,
    maker: &Maker,
    answers: impl Fn(&Request) -> Reply + Send + 'static,
) -> Asked {
    let server = Server::start(answers).await;
    let config = maker.config(folder.path());
    std::fs::create_dir_all(&config.state).unwrap();
    let clock = Clock::standing(Reading { wall: NOW, mono_ms: 0, awake_ms: 0 });
    let heard = Arc::new(Notify::new());
    let updater = Updater::new(&config, &identity(&server.url()), clock, heard.clone()).unwrap().unwrap();
    updater.once().await;
    for request in server.requests() {
        assert_eq!(request.headers["authorization"], "Bearer 5ec2e7");
    }
    Asked { config, folder, heard }
}

/// A collector that offers `offer` and has `file`.
fn collector(offer: Offer, file: Vec<u8>) -> impl Fn(&Request) -> Reply {
    move |request| {
        if request.path.starts_with(FILES_PATH) {
            Reply::Send(200, "", file.clone())
        } else {
            assert_eq!(request.path, OFFER_PATH);
            json(200, &offer)
        }
    }
}

/// What comes of an index that differs in one thing from a good one.
async fn offered(change: impl FnOnce(&mut Index)) -> Asked {
    let (maker, file) = (Maker::new(), packed(b"new"));
    let mut index = index(&file);
    change(&mut index);
    ask(&maker, collector(maker.offer(&index), file)).await
}

#[tokio::test]
async fn a_newer_version_is_laid_ready_and_told() {
    let asked = offered(|_| {}).await;
    assert!(asked.ready());
    assert_eq!(asked.came_to(), Some(CameTo::Waiting));
    assert_eq!(note::updates(&asked.config).last.unwrap().version, Some(NEW));
    let stage = asked.config.state.join("update");
    assert_eq!(std::fs::read(stage.join("package")).unwrap(), packed(b"new"));
    tokio::time::timeout(Duration::from_secs(1), asked.heard.notified()).await.unwrap();
}

#[tokio::test]
async fn an_index_without_a_signature_is_refused() {
    let (maker, file) = (Maker::new(), packed(b"new"));
    let offer = Offer { signature: String::new(), ..maker.offer(&index(&file)) };
    assert!(ask(&maker, collector(offer, file)).await.why().contains("signature cannot be read"));
}

#[tokio::test]
async fn an_index_that_another_key_signed_is_refused() {
    let (maker, file) = (Maker::new(), packed(b"new"));
    let offer = Maker::new().offer(&index(&file));
    assert!(ask(&maker, collector(offer, file)).await.why().contains("not signed with this build's key"));
}

#[tokio::test]
async fn an_older_version_is_refused() {
    let asked = offered(|index| index.packages[0].version = "0.9.9".parse().unwrap()).await;
    assert_eq!(asked.why(), "version 0.9.9 is older than 1.0.0, which runs");
}

#[tokio::test]
async fn an_expired_index_is_refused() {
    let asked = offered(|index| index.expires_at = NOW.minus(Millis::days(3))).await;
    assert_eq!(asked.why(), "the index expired 3 days ago; it must be signed anew");
}

#[tokio::test]
async fn an_index_for_other_platforms_only_is_refused() {
    let asked = offered(|index| index.packages[0].platform = "amiga-m68k".into()).await;
    assert!(asked.why().contains("has no package for"));
}

#[tokio::test]
async fn the_version_that_runs_is_no_news() {
    let asked = offered(|index| index.packages[0].version = OLD).await;
    assert_eq!((asked.ready(), asked.came_to()), (false, None));
}

#[tokio::test]
async fn a_download_that_ends_early_is_not_laid_ready() {
    let (maker, file) = (Maker::new(), packed(&[7; 5_000]));
    let offer = maker.offer(&index(&file));
    // Once the connection breaks, once the answer is whole but shorter than the index says.
    let (cut, whole) = (file.len() / 2, file[..file.len() - 1].to_vec());
    let head = format!("HTTP/1.1 200 X\r\ncontent-length: {}\r\n\r\n", file.len());
    let answer = [head.as_bytes(), &file].concat();
    let (first, second) = (offer.clone(), offer);
    let broken = move |request: &Request| match request.path.starts_with(FILES_PATH) {
        true => Reply::Cut(answer.clone(), head.len() + cut),
        false => json(200, &first),
    };
    let why = ask(&maker, broken).await.why();
    assert_eq!(why, format!("the download ended after {cut} of {} bytes", file.len()));
    let why = ask(&maker, collector(second, whole)).await.why();
    assert_eq!(why, format!("the download ended after {} of {} bytes", file.len() - 1, file.len()));
}

#[tokio::test]
async fn another_file_than_the_signed_one_is_refused() {
    let (maker, file) = (Maker::new(), packed(b"new"));
    let offer = maker.offer(&index(&file));
    let mut other = file.clone();
    other[5] ^= 1;
    assert!(ask(&maker, collector(offer.clone(), other)).await.why().contains("its checksum differs"));
    let longer = [file, vec![0]].concat();
    assert!(ask(&maker, collector(offer, longer)).await.why().contains("longer than"));
}

#[tokio::test]
async fn a_collector_that_offers_nothing_or_knows_of_no_updates_is_no_news() {
    let maker = Maker::new();
    for status in [204, 404, 500, 503] {
        let asked = ask(&maker, move |_| Reply::Send(status, "", Vec::new())).await;
        assert_eq!((asked.ready(), asked.came_to()), (false, None), "{status}");
    }
    let portal = b"<html>Please sign in</html>";
    let asked = ask(&maker, |_| Reply::Send(200, "content-type: text/html\r\n", portal.to_vec())).await;
    assert_eq!((asked.ready(), asked.came_to()), (false, None), "a sign-in page");
}

#[tokio::test]
async fn the_same_failure_is_told_once() {
    let maker = Maker::new();
    let forged = || collector(Maker::new().offer(&index(b"")), Vec::new());
    let first = ask(&maker, forged()).await;
    tokio::time::timeout(Duration::from_secs(1), first.heard.notified()).await.unwrap();
    let second = ask_in(first.folder, &maker, forged()).await;
    assert!(tokio::time::timeout(Duration::from_millis(50), second.heard.notified()).await.is_err());
}

#[tokio::test]
async fn a_machine_whose_owner_forbids_it_or_whose_build_has_no_usable_key_never_asks() {
    let folder = tempfile::tempdir().unwrap();
    let maker = Maker::new();
    let with = |change: fn(&mut Config)| {
        let mut config = maker.config(folder.path());
        change(&mut config);
        let clock = Clock::system();
        let asks = Updater::new(&config, &identity("http://127.0.0.1:9"), clock, Arc::default()).unwrap().is_some();
        (asks, note::able(&config))
    };
    assert_eq!(with(|_| {}), (true, Able::Yes));
    assert_eq!(with(|config| config.update.enabled = false), (false, Able::Forbidden));
    assert_eq!(with(|config| config.build.update_key = None), (false, Able::NoKey));
    // "Ed", a number, and 32 bytes of zero: anybody can sign for this key.
    let zero = "RWQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(zero.len(), maker.key.len());
    let mut config = maker.config(folder.path());
    config.build.update_key = Some(zero);
    assert_eq!(note::able(&config), Able::NoKey);
}

fn settings(maker: &Maker, folder: &Path) -> Config {
    let text = "report_every = \"100ms\"\n[disk_space]\nenabled = false\n[connectivity]\nenabled = false\n\
                [printer]\nenabled = false\n[update]\nevery = \"100ms\"\n";
    let (mut config, known) = (Config::parse(text).unwrap(), maker.config(folder));
    (config.state, config.build, config.update.work) = (known.state, known.build, known.update.work);
    config
}

#[tokio::test]
async fn whatever_the_search_for_updates_meets_reports_go_on_and_the_first_tells_the_health() {
    let (maker, folder) = (Maker::new(), tempfile::tempdir().unwrap());
    let collector = Collector::default();
    let (taking, (enough, reached)) = (collector.clone(), oneshot::channel());
    let (mut enough, mut asked) = (Some(enough), 0);
    let server = Server::start(move |request| {
        if request.path == REPORTS_PATH {
            return taking.reply(request);
        }
        asked += 1;
        if asked > 6
            && taking.reports().len() > 6
            && let Some(enough) = enough.take()
        {
            enough.send(()).unwrap();
        }
        match asked % 4 {
            0 => Reply::Close,
            1 => json(200, &Offer { index: "{}".into(), signature: "forged".into() }),
            2 => Reply::Send(200, "", vec![b'x'; 1 << 20]),
            _ => Reply::Send(500, "", Vec::new()),
        }
    })
    .await;
    let config = settings(&maker, folder.path());
    identity(&server.url()).save(&config.state).unwrap();
    let (tell, told) = mpsc::channel(1);
    tokio::spawn(async move {
        drop(reached.await);
        tell.send(run::Told::End(Goodbye::Stop)).await
    });
    let ran = run::run(&config, Clock::system(), told);
    tokio::time::timeout(Duration::from_secs(60), ran).await.unwrap().unwrap();
    let hosts: Vec<_> = collector.reports().into_iter().flat_map(|report| report.runs).collect();
    let told = serde_json::to_string(&hosts).unwrap();
    assert!(told.contains("\"agent\":\"1.0.0\"") && told.contains("signature cannot be read"), "{told}");
    assert_eq!(std::fs::read_to_string(config.state.join("healthy")).unwrap(), "1.0.0");
}
