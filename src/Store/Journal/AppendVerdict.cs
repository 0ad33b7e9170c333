using Npgsql;
using Slipway.Model.Failures;

namespace Slipway.Store.Journal;

/// <summary>What an error of PostgreSQL says about the transaction it came from.</summary>
internal static class AppendVerdict
{
    private const string OutdatedWriter = "SW001";

    public static AppendResult Of(PostgresException error) => error.SqlState switch
    {
        OutdatedWriter => new AppendResult(AppendStatus.Lost, PostgresJournal.Outdated()),

        // Data that breaks a rule of the database: the write is at fault and repeating it would not help.
        ['2', '1' or '2' or '3', ..] or ['5', '4', ..] => new AppendResult(
            AppendStatus.Refused,
            new Failure(FailureKind.Invalid, "database-refused", $"The database refuses the content of this object: {error.MessageText}.")),

        // No room, no memory, read-only, deadlock: certainly rolled back, and it may work in a moment.
        ['5', '3', ..] or ['5', '8', ..] or ['2', '5', ..] or ['4', '0', ..] or ['5', '5', ..] => AppendResult.NotCommitted,

        // The server goes down or the connection does: only the counter's row knows.
        _ => AppendResult.InDoubt,
    };
}
