using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Slipway.Sdk.Database;

namespace Retail.Sandbox.Bank;

/// <summary>Answers a repeated Idempotency-Key as it did the first time. Effect and answer are one transaction.</summary>
internal sealed class OnlyOnce(Database database, TimeProvider time)
{
    private const int LockSpace = 0x0B_A4_01;

    public async Task<BankReply> RunAsync(
        HttpContext http, IFormCollection form, Func<NpgsqlTransaction, CancellationToken, Task<BankReply>> effect, CancellationToken cancellation)
    {
        var header = http.Request.Headers["Idempotency-Key"];
        if (header.Count == 0)
        {
            return await database.WriteAsync(effect, cancellation);
        }

        if (header is not [{ Length: >= 1 and <= 255 } key])
        {
            return BankReply.Of(Refusal.Invalid("Send one Idempotency-Key of at most 255 characters."));
        }

        var request = Hash(http.Request.Path, form);
        return await database.WriteAsync(async (transaction, token) =>
        {
            await transaction.Command("select pg_advisory_xact_lock($1, hashtext($2))", LockSpace, key).ExecuteAsync(token);
            var known = await transaction.Command("select request, status, body from idempotent_replies where key = $1", key)
                .OneAsync(row => (Request: row.GetFieldValue<byte[]>(0), Reply: new BankReply(row.GetInt32(1), row.GetString(2))), token);
            if (known.Reply is not null)
            {
                return known.Request.AsSpan().SequenceEqual(request)
                    ? known.Reply
                    : BankReply.Of(new Refusal(400, "idempotency_error", "idempotency_key_in_use", "The Idempotency-Key was used with other parameters."));
            }

            var reply = await effect(transaction, token);
            await transaction.Command("insert into idempotent_replies (key, request, status, body, at) values ($1, $2, $3, $4, $5)",
                key, request, reply.Status, reply.Body, time.GetUtcNow()).ExecuteAsync(token);
            return reply;
        }, cancellation);
    }

    private static byte[] Hash(string path, IFormCollection form)
    {
        var text = new StringBuilder(path);
        foreach (var (name, values) in form.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append('\n').Append(name).Append('=').AppendJoin(',', values.ToArray());
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
