-- What each client's ledger says of the rules. Every entry changes its own client's only, so that
-- writing one does not read the ledgers of all.
ALTER TABLE clients ADD COLUMN rule_shares TEXT;
