"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from lastlink_ui.db.types import Id, UtcDateTime

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "creators",
        sa.Column("id", Id(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("handle", sa.String(30), nullable=False),
        sa.Column("about", sa.String(500), nullable=False),
        sa.Column("accent", sa.String(7), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_creators")),
        sa.UniqueConstraint("email", name=op.f("uq_creators_email")),
        sa.UniqueConstraint("handle", name=op.f("uq_creators_handle")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", Id(), nullable=False),
        sa.Column("provider_event_id", sa.String(64), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("subject", sa.JSON(), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("provider_event_id", name=op.f("uq_inbox_provider_event_id")),
    )
    op.create_index(op.f("ix_inbox_done_at_received_at"), "inbox", ["done_at", "received_at"], unique=False)
    op.create_table(
        "audit_log",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=True),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject_kind", sa.String(32), nullable=False),
        sa.Column("subject_id", Id(), nullable=True),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_audit_log_creator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_creator_id_at"), "audit_log", ["creator_id", "at"], unique=False)
    op.create_table(
        "fans",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("handle", sa.String(30), nullable=False),
        sa.Column("tax_id", sa.String(14), nullable=True),
        sa.Column("sort_name", sa.String(120), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("provider_customer_id", sa.String(64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_fans_creator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fans")),
    )
    op.create_index(op.f("ix_fans_creator_id_email"), "fans", ["creator_id", "email"], unique=True)
    op.create_index(op.f("ix_fans_creator_id_handle"), "fans", ["creator_id", "handle"], unique=False)
    op.create_index(
        op.f("ix_fans_creator_id_sort_name_id"), "fans", ["creator_id", "sort_name", "id"], unique=False
    )
    op.create_table(
        "plans",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("period", sa.String(32), nullable=False),
        sa.Column("access_text", sa.String(1000), nullable=False),
        sa.Column("access_link", sa.String(500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("highlighted", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.Column("provider_product_id", sa.String(64), nullable=True),
        sa.Column("provider_price_id", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_plans_creator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_creator_id_position"), "plans", ["creator_id", "position"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("user_agent", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_sessions_creator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sessions_creator_id"), "sessions", ["creator_id"], unique=False)
    op.create_table(
        "counters",
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("grain", sa.String(32), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("plan_id", Id(), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("in_list", sa.Boolean(), nullable=False),
        sa.Column("subscriptions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_counters_creator_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_counters_plan_id")),
        sa.PrimaryKeyConstraint(
            "creator_id",
            "grain",
            "starts_on",
            "status",
            "plan_id",
            "method",
            "in_list",
            name=op.f("pk_counters"),
        ),
    )
    op.create_table(
        "list_tasks",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("fan_id", Id(), nullable=False),
        sa.Column("wish", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_list_tasks_creator_id")),
        sa.ForeignKeyConstraint(["fan_id"], ["fans.id"], name=op.f("fk_list_tasks_fan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_tasks")),
    )
    op.create_index(
        op.f("ix_list_tasks_creator_id_done_at_created_at"),
        "list_tasks",
        ["creator_id", "done_at", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_list_tasks_open",
        "list_tasks",
        ["fan_id"],
        unique=True,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "membership_changes",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("fan_id", Id(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("in_list", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("actor_kind", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=True),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["creator_id"], ["creators.id"], name=op.f("fk_membership_changes_creator_id")
        ),
        sa.ForeignKeyConstraint(["fan_id"], ["fans.id"], name=op.f("fk_membership_changes_fan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_changes")),
    )
    op.create_index(
        op.f("ix_membership_changes_creator_id_at"), "membership_changes", ["creator_id", "at"], unique=False
    )
    op.create_index(
        op.f("ix_membership_changes_fan_id_at"), "membership_changes", ["fan_id", "at"], unique=False
    )
    op.create_table(
        "memberships",
        sa.Column("fan_id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("in_list", sa.Boolean(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("actor_kind", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_memberships_creator_id")),
        sa.ForeignKeyConstraint(["fan_id"], ["fans.id"], name=op.f("fk_memberships_fan_id")),
        sa.PrimaryKeyConstraint("fan_id", name=op.f("pk_memberships")),
    )
    op.create_index(
        op.f("ix_memberships_creator_id_in_list"), "memberships", ["creator_id", "in_list"], unique=False
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("fan_id", Id(), nullable=False),
        sa.Column("plan_id", Id(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("period", sa.String(32), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("access_until", UtcDateTime(), nullable=True),
        sa.Column("cancel_at_period_end", sa.Boolean(), nullable=False),
        sa.Column("canceled_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("in_list", sa.Boolean(), nullable=False),
        sa.Column("last_payment_id", Id(), nullable=True),
        sa.Column("provider_subscription_id", sa.String(64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_subscriptions_creator_id")),
        sa.ForeignKeyConstraint(["fan_id"], ["fans.id"], name=op.f("fk_subscriptions_fan_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_subscriptions_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    op.create_index(
        op.f("ix_subscriptions_creator_id_access_until_id"),
        "subscriptions",
        ["creator_id", "access_until", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscriptions_creator_id_amount_id"),
        "subscriptions",
        ["creator_id", "amount", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscriptions_creator_id_plan_id_started_at_id"),
        "subscriptions",
        ["creator_id", "plan_id", "started_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscriptions_creator_id_provider_subscription_id"),
        "subscriptions",
        ["creator_id", "provider_subscription_id"],
        unique=True,
    )
    op.create_index(
        op.f("ix_subscriptions_creator_id_started_at_id"),
        "subscriptions",
        ["creator_id", "started_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscriptions_creator_id_status_started_at_id"),
        "subscriptions",
        ["creator_id", "status", "started_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_subscriptions_fan_id"), "subscriptions", ["fan_id"], unique=False)
    op.create_table(
        "checkouts",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("plan_id", Id(), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("provider_session_id", sa.String(128), nullable=True),
        sa.Column("url", sa.String(2048), nullable=True),
        sa.Column("subscription_id", Id(), nullable=True),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_checkouts_creator_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_checkouts_plan_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_checkouts_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkouts")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_checkouts_token_hash")),
    )
    op.create_index(
        op.f("ix_checkouts_creator_id_fingerprint"), "checkouts", ["creator_id", "fingerprint"], unique=True
    )
    op.create_index(
        op.f("ix_checkouts_creator_id_provider_session_id"),
        "checkouts",
        ["creator_id", "provider_session_id"],
        unique=False,
    )
    op.create_table(
        "entitlements",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("fan_id", Id(), nullable=False),
        sa.Column("subscription_id", Id(), nullable=True),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_entitlements_creator_id")),
        sa.ForeignKeyConstraint(["fan_id"], ["fans.id"], name=op.f("fk_entitlements_fan_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_entitlements_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlements")),
    )
    op.create_index(
        "ix_entitlements_due",
        "entitlements",
        ["ends_at"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(op.f("ix_entitlements_fan_id"), "entitlements", ["fan_id"], unique=False)
    op.create_index(op.f("ix_entitlements_subscription_id"), "entitlements", ["subscription_id"], unique=True)
    op.create_table(
        "operations",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subscription_id", Id(), nullable=False),
        sa.Column("payment_id", Id(), nullable=True),
        sa.Column("unique_key", sa.String(80), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(200), nullable=False),
        sa.Column("actor_kind", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=True),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_operations_creator_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_operations_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_operations_unique_key")),
    )
    op.create_index(
        op.f("ix_operations_status_requested_at"), "operations", ["status", "requested_at"], unique=False
    )
    op.create_index(op.f("ix_operations_subscription_id"), "operations", ["subscription_id"], unique=False)
    op.create_table(
        "payments",
        sa.Column("id", Id(), nullable=False),
        sa.Column("creator_id", Id(), nullable=False),
        sa.Column("subscription_id", Id(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("period_start", UtcDateTime(), nullable=False),
        sa.Column("period_end", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("paid_at", UtcDateTime(), nullable=True),
        sa.Column("refund_status", sa.String(32), nullable=True),
        sa.Column("refunded_amount", sa.Integer(), nullable=False),
        sa.Column("refunded_at", UtcDateTime(), nullable=True),
        sa.Column("dispute_status", sa.String(32), nullable=True),
        sa.Column("disputed_at", UtcDateTime(), nullable=True),
        sa.Column("provider_invoice_id", sa.String(64), nullable=False),
        sa.Column("provider_payment_intent_id", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["creator_id"], ["creators.id"], name=op.f("fk_payments_creator_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_payments_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    op.create_index(
        op.f("ix_payments_creator_id_provider_invoice_id"),
        "payments",
        ["creator_id", "provider_invoice_id"],
        unique=True,
    )
    op.create_index(
        op.f("ix_payments_creator_id_provider_payment_intent_id"),
        "payments",
        ["creator_id", "provider_payment_intent_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_payments_subscription_id_period_start"),
        "payments",
        ["subscription_id", "period_start"],
        unique=False,
    )
    op.create_table(
        "provider_calls",
        sa.Column("id", Id(), nullable=False),
        sa.Column("operation_id", Id(), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("idempotency_key", sa.String(80), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.id"], name=op.f("fk_provider_calls_operation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_calls")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_provider_calls_idempotency_key")),
        sa.UniqueConstraint("operation_id", "step", name=op.f("uq_provider_calls_operation_id_step")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("provider_calls")
    op.drop_index(op.f("ix_payments_subscription_id_period_start"), table_name="payments")
    op.drop_index(op.f("ix_payments_creator_id_provider_payment_intent_id"), table_name="payments")
    op.drop_index(op.f("ix_payments_creator_id_provider_invoice_id"), table_name="payments")
    op.drop_table("payments")
    op.drop_index(op.f("ix_operations_subscription_id"), table_name="operations")
    op.drop_index(op.f("ix_operations_status_requested_at"), table_name="operations")
    op.drop_table("operations")
    op.drop_index(op.f("ix_entitlements_subscription_id"), table_name="entitlements")
    op.drop_index(op.f("ix_entitlements_fan_id"), table_name="entitlements")
    op.drop_index("ix_entitlements_due", table_name="entitlements")
    op.drop_table("entitlements")
    op.drop_index(op.f("ix_checkouts_creator_id_provider_session_id"), table_name="checkouts")
    op.drop_index(op.f("ix_checkouts_creator_id_fingerprint"), table_name="checkouts")
    op.drop_table("checkouts")
    op.drop_index(op.f("ix_subscriptions_fan_id"), table_name="subscriptions")
    op.drop_index(op.f("ix_subscriptions_creator_id_status_started_at_id"), table_name="subscriptions")
    op.drop_index(op.f("ix_subscriptions_creator_id_started_at_id"), table_name="subscriptions")
    op.drop_index(op.f("ix_subscriptions_creator_id_provider_subscription_id"), table_name="subscriptions")
    op.drop_index(op.f("ix_subscriptions_creator_id_plan_id_started_at_id"), table_name="subscriptions")
    op.drop_index(op.f("ix_subscriptions_creator_id_amount_id"), table_name="subscriptions")
    op.drop_index(op.f("ix_subscriptions_creator_id_access_until_id"), table_name="subscriptions")
    op.drop_table("subscriptions")
    op.drop_index(op.f("ix_memberships_creator_id_in_list"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_membership_changes_fan_id_at"), table_name="membership_changes")
    op.drop_index(op.f("ix_membership_changes_creator_id_at"), table_name="membership_changes")
    op.drop_table("membership_changes")
    op.drop_index(
        "ix_list_tasks_open",
        table_name="list_tasks",
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.drop_index(op.f("ix_list_tasks_creator_id_done_at_created_at"), table_name="list_tasks")
    op.drop_table("list_tasks")
    op.drop_table("counters")
    op.drop_index(op.f("ix_sessions_creator_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_plans_creator_id_position"), table_name="plans")
    op.drop_table("plans")
    op.drop_index(op.f("ix_fans_creator_id_sort_name_id"), table_name="fans")
    op.drop_index(op.f("ix_fans_creator_id_handle"), table_name="fans")
    op.drop_index(op.f("ix_fans_creator_id_email"), table_name="fans")
    op.drop_table("fans")
    op.drop_index(op.f("ix_audit_log_creator_id_at"), table_name="audit_log")
    op.drop_table("audit_log")
    op.drop_index(op.f("ix_inbox_done_at_received_at"), table_name="inbox")
    op.drop_table("inbox")
    op.drop_table("creators")
