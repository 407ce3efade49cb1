//! Reading answers (Prometheus, "HTTP API"), piece by piece: what is beyond a limit is never held.

pub(crate) mod room;
pub(crate) mod envelope;
pub(crate) mod sample;
pub(crate) mod value;
pub(crate) mod listing;
pub(crate) mod refusal;

#[cfg(test)]
mod tests {
    use larum_promql::Value;
    use proptest::prelude::*;

    use super::{envelope, listing, room::Room, value::Data};
    use crate::body;
    use crate::error::SourceError;

    const VECTOR: &str = r#"{"status":"success","warnings":["w"],"data":{"resultType":"vector","result":[
        {"metric":{"__name__":"up","job":"a"},"value":[1435781451.781,"1"]},
        {"metric":{"__name__":"up","job":"b"},"value":[1435781451.781,"NaN"]}]}}"#;
    const MATRIX: &str = r#"{"status":"success","data":{"resultType":"matrix","result":[
        {"metric":{"__name__":"up","job":"a"},"values":[[1435781430.781,"1"],[1435781445.781,"-Inf"]]}]}}"#;
    const SERIES: &str =
        r#"{"status":"success","data":[{"__name__":"up","job":"a"},{"__name__":"up"}],"infos":[]}"#;

    fn value(bytes: &[u8]) -> Result<Value, SourceError> {
        let room = Room::for_so_many(100);
        envelope::read(body::of(bytes), &room, Data(&room)).map(|(value, _)| value)
    }

    #[test]
    fn an_answer_that_is_cut_off_anywhere_is_never_believed() {
        for whole in [VECTOR, MATRIX] {
            assert!(value(whole.as_bytes()).is_ok());
            for end in 0..whole.len() {
                assert!(value(&whole.as_bytes()[..end]).is_err(), "{}", &whole[..end]);
            }
        }
        assert_eq!(listing::label_sets(body::of(SERIES.as_bytes()), 9).unwrap().items.len(), 2);
        for end in 0..SERIES.len() {
            let cut = listing::label_sets(body::of(&SERIES.as_bytes()[..end]), 9);
            assert!(cut.is_err(), "{}", &SERIES[..end]);
        }
    }

    proptest! {
        /// Whatever comes is an error or a value, and never the end of the process.
        #[test]
        fn an_answer_that_is_garbled_is_survived(
            whole in prop::sample::select(vec![VECTOR, MATRIX, SERIES]),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        ) {
            let mut bytes = whole.as_bytes().to_vec();
            for (place, byte) in changes {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            let _ = value(&bytes);
            let _ = listing::label_sets(body::of(&bytes), 9);
            let _ = listing::texts(body::of(&bytes), 9);
            let _ = listing::metadata(body::of(&bytes), 9);
        }
    }
}
