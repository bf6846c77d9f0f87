//! Questions that may hang in the system for ever: each is waited for with patience, and is not asked again
//! before it has ended.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// What is being asked, across the runs of a probe.
#[derive(Debug, Clone)]
pub struct Questions {
    asked: Arc<Mutex<BTreeSet<String>>>,
    patience: Duration,
}

/// Ends the question however its task ends.
struct Asked(Questions, String);

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.asked.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

impl Questions {
    /// After `patience` a question that should have been ended hangs in the system.
    pub fn new(patience: Duration) -> Self {
        Self { asked: Arc::default(), patience }
    }

    /// The answer to a question about `what`.
    ///
    /// # Errors
    /// Says why there is no answer.
    pub async fn ask<T: Send + 'static>(
        &self,
        what: &str,
        question: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, String> {
        let Some(asked) = self.begin(what) else {
            return Err("an earlier question to it still hangs in the system".to_owned());
        };
        // A task of its own, which may outlive this run.
        let question = tokio::spawn(async move {
            let _asked = asked;
            question.await
        });
        match tokio::time::timeout(self.patience, question).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(format!("the probe stopped with an error: {error}")),
            Err(_) => Err("it does not answer, and the question hangs in the system".to_owned()),
        }
    }

    fn begin(&self, what: &str) -> Option<Asked> {
        let fresh = self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(what.to_owned());
        fresh.then(|| Asked(self.clone(), what.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_still_hangs_is_not_asked_again_until_it_has_ended() {
        let questions = Questions::new(Duration::from_secs(22));
        let hanging = questions.begin("/dev/sda").unwrap();
        let error = questions.ask("/dev/sda", async { 7 }).await.unwrap_err();
        assert!(error.contains("still hangs"), "{error}");
        assert_eq!(questions.ask("/dev/sdb", async { 7 }).await, Ok(7), "another may be asked meanwhile");
        drop(hanging);
        assert_eq!(questions.ask("/dev/sda", async { 7 }).await, Ok(7));
    }

    #[tokio::test]
    async fn what_hangs_in_the_system_is_left_behind_and_stays_asked() {
        let impatient = Questions::new(Duration::ZERO);
        let error = impatient.ask("the list", std::future::pending::<()>()).await.unwrap_err();
        assert!(error.contains("hangs in the system"), "{error}");
        assert!(impatient.begin("the list").is_none(), "it still hangs");
    }
}
