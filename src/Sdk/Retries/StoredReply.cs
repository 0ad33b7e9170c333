using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Sdk.Retries;

/// <summary>A reply as the table <c>slipway.idempotency_replies</c> keeps it.</summary>
internal static class StoredReply
{
    /// <summary>What the first look at a key finds, in one round trip, with a savepoint to undo a refused effect.</summary>
    public static async Task<(bool Mine, byte[]? Request, Reply? Reply)> BeginAsync(
        NpgsqlTransaction transaction, IdempotencyKey key, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_try_advisory_xact_lock($1)") { Parameters = { new() { Value = key.Lock } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select request, status, headers, body from slipway.idempotency_replies where scope = $1 and expires_at > $2")
        {
            Parameters = { new() { Value = key.Scope }, new() { Value = now } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("savepoint effect"));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var mine = reader.GetBoolean(0);
        await reader.NextResultAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? (mine, reader.GetFieldValue<byte[]>(0), new Reply(reader.GetInt32(1), Headers(reader.GetString(2)), reader.GetFieldValue<byte[]>(3)))
            : (mine, null, null);
    }

    public static async Task KeepAsync(
        NpgsqlTransaction transaction, IdempotencyKey key, byte[] request, Reply reply, HttpContext http, DateTimeOffset until, CancellationToken cancellation)
    {
        if (reply.Status >= 400)
        {
            LastWords.Forget(transaction);
            await transaction.Command("rollback to savepoint effect").ExecuteAsync(cancellation);
        }

        await transaction.AtCommitAsync(
            """
            insert into slipway.idempotency_replies (scope, request, status, headers, body, expires_at) values ($1, $2, $3, $4, $5, $6)
            on conflict (scope) do update set request = $2, status = $3, headers = $4, body = $5, expires_at = $6, created_at = now()
            """,
            cancellation,
            key.Scope, request, reply.Status, Sql.Json(Headers(reply.Headers)), Body(reply, http), until);
    }

    /// <summary>A problem keeps the ids of the request that met it: they lead to its log lines.</summary>
    private static byte[] Body(Reply reply, HttpContext http) => reply.Problem is { } problem
        ? ProblemDocument.Write(problem, http.Request.Path, http.RequestId(), Activity.Current?.TraceId.ToString())
        : reply.Body.ToArray();

    private static string Headers(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var pairs = new JsonArray();
        foreach (var (name, value) in headers)
        {
            pairs.Add((JsonNode)new JsonArray(JsonValue.Create(name), JsonValue.Create(value)));
        }

        return pairs.ToJsonString();
    }

    private static List<KeyValuePair<string, string>> Headers(string stored)
    {
        using var document = JsonDocument.Parse(stored);
        return [.. document.RootElement.EnumerateArray().Select(pair => new KeyValuePair<string, string>(pair[0].GetString()!, pair[1].GetString()!))];
    }
}
