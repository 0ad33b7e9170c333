using System.Text.Json;
using Npgsql;
using Slipway.Sdk.Database;
using Titanic.Api.Endpoints;

namespace Titanic.Api.Transfer;

/// <summary>A file on its way in, as it is stored: how far it has come, and what came of it.</summary>
internal sealed record ImportJob
{
    public const string Incomplete = "incomplete";
    public const string Done = "done";

    /// <summary>Of more mistakes only the number is told.</summary>
    public const int ErrorsMax = 100;

    public const string Columns = "id, owner, format, layout, mode, columns, status, byte_offset, rows, created, updated, unchanged, rejected, errors::text, created_at, updated_at";

    public const string Find = $"select {Columns} from imports where id = $1";

    public required Guid Id { get; init; }

    public required string Owner { get; init; }

    public required string Format { get; init; }

    public required string Layout { get; init; }

    public required string Mode { get; init; }

    /// <summary>The field each column of a table is; null until its first line was read.</summary>
    public string[]? Fields { get; init; }

    public string Status { get; init; } = Incomplete;

    public long Offset { get; init; }

    public long Rows { get; init; }

    public long Created { get; init; }

    public long Updated { get; init; }

    public long Unchanged { get; init; }

    public long Rejected { get; init; }

    public IReadOnlyList<RowError> Errors { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public bool IsTable => Format == "csv";

    public static ImportJob Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Owner = row.GetString(1),
        Format = row.GetString(2),
        Layout = row.GetString(3),
        Mode = row.GetString(4),
        Fields = row.IsDBNull(5) ? null : row.GetFieldValue<string[]>(5),
        Status = row.GetString(6),
        Offset = row.GetInt64(7),
        Rows = row.GetInt64(8),
        Created = row.GetInt64(9),
        Updated = row.GetInt64(10),
        Unchanged = row.GetInt64(11),
        Rejected = row.GetInt64(12),
        Errors = JsonSerializer.Deserialize(row.GetString(13), TitanicJson.Default.IReadOnlyListRowError) ?? [],
        CreatedAt = row.GetFieldValue<DateTimeOffset>(14),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(15),
    };

    /// <summary>False if there is one with this id.</summary>
    public async Task<bool> InsertAsync(NpgsqlTransaction transaction, CancellationToken cancellation) => await transaction.Command(
        "insert into imports (id, owner, format, layout, mode, status, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict do nothing",
        Id, Owner, Format, Layout, Mode, Status, CreatedAt).ExecuteAsync(cancellation) == 1;

    public Task<int> SaveAsync(NpgsqlTransaction transaction, CancellationToken cancellation) => transaction.Command(
        """
        update imports set layout = $2, columns = $3, status = $4, byte_offset = $5, rows = $6, created = $7, updated = $8, unchanged = $9, rejected = $10, errors = $11, updated_at = $12
        where id = $1
        """,
        Id, Layout, Fields, Status, Offset, Rows, Created, Updated, Unchanged, Rejected, Sql.Json(JsonSerializer.Serialize(Errors, TitanicJson.Default.IReadOnlyListRowError)), UpdatedAt)
        .ExecuteAsync(cancellation);
}
