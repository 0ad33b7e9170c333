using Npgsql;
using NpgsqlTypes;

namespace Todo.Api.Todos;

/// <summary>Values that may be absent, with the type the server cannot guess from nothing.</summary>
internal static class Parameters
{
    public static NpgsqlParameter Id(Guid? value) => Of(value, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Text(string? value) => Of(value, NpgsqlDbType.Text);

    public static NpgsqlParameter Date(DateOnly? value) => Of(value, NpgsqlDbType.Date);

    public static NpgsqlParameter Time(TimeOnly? value) => Of(value, NpgsqlDbType.Time);

    public static NpgsqlParameter Instant(DateTimeOffset? value) => Of(value?.ToUniversalTime(), NpgsqlDbType.TimestampTz);

    private static NpgsqlParameter Of(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
