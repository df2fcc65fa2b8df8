"""Store pushes from WeChat, consents to messages, and how each message fared."""

from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_wechat_pushes()
    create_message_credits()
    create_messages()


def create_wechat_pushes() -> None:
    op.create_table(
        "wechat_pushes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_pushes")),
        sa.UniqueConstraint("digest", name=op.f("uq_wechat_pushes_digest")),
    )
    op.create_index("ix_wechat_pushes_received_at", "wechat_pushes", ["received_at"])
    op.create_index(
        "ix_wechat_pushes_waiting",
        "wechat_pushes",
        ["received_at"],
        postgresql_where=sa.text("handled_at IS NULL"),
    )


def create_message_credits() -> None:
    op.create_table(
        "message_credits",
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("credits", sa.BigInteger(), nullable=False),
        sa.Column("hinted", sa.Boolean(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("credits >= 0", name=op.f("ck_message_credits_credits_not_negative")),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["residents.id"],
            name=op.f("fk_message_credits_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("resident_id", "template_id", name=op.f("pk_message_credits")),
    )


def create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sending_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("msgid", sa.Text()),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'refused', 'failed', 'unknown', 'confirmed')",
            name=op.f("ck_messages_state"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state IN ('queued', 'sending'))",
            name=op.f("ck_messages_ended_when_settled"),
        ),
        sa.CheckConstraint(
            "sending_at IS NOT NULL OR state IN ('queued', 'refused', 'failed')",
            name=op.f("ck_messages_sent_once_begun"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_messages_attempts_not_negative")),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_messages_notice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_messages_resident_id")),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_messages")),
    )
    op.create_index(
        "ix_messages_due_at",
        "messages",
        ["due_at"],
        postgresql_where=sa.text("state IN ('queued', 'sending')"),
    )
    op.create_index("ix_messages_resident_id_template_id", "messages", ["resident_id", "template_id"])


def downgrade() -> None:
    op.drop_table("messages")
    op.drop_table("message_credits")
    op.drop_table("wechat_pushes")
