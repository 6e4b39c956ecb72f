//! eid-callback
