-- Credits that wallets are asked about afterwards, and what operators' own lists are held against.

-- reconciled_at: when the wallet was asked whether it has the credit too; null while it was not. What was credited before this version counts as asked.
ALTER TABLE payout ADD COLUMN reconciled_at timestamptz DEFAULT now();
ALTER TABLE payout ALTER COLUMN reconciled_at DROP DEFAULT;

-- By who pays: after a re-route that is another operator.
CREATE INDEX payout_credited_by ON payout ((coalesce(to_tenant, tenant_id)), changed_at, payout_id) WHERE state = 'credited';
CREATE INDEX payout_open_with ON payout ((coalesce(to_tenant, tenant_id)), changed_at, payout_id) WHERE state IN ('requested', 'crediting', 'held');
CREATE INDEX payout_unreconciled ON payout ((coalesce(to_tenant, tenant_id)), changed_at) WHERE state = 'credited' AND reconciled_at IS NULL;
