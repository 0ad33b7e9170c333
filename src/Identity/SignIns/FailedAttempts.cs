using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Slipway.Identity.Secrets;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.SignIns;

/// <summary>
/// Counts failed sign-ins per address and per network in the database, so that the limits hold over all instances. Successes cost
/// nothing here. The keys are keyed digests: the table does not tell which addresses were tried.
/// </summary>
internal sealed partial class FailedAttempts(
    Database database, Seal seal, AttemptRules rules, TimeProvider time, ILogger<FailedAttempts> log)
{
    private readonly byte[] _key = seal.KeyFor("failed attempts");

    public AttemptRules Rules => rules;

    public byte[] AddressKey(string email) => Key($"address {email}");

    /// <summary>One IPv4 address, or the /64 that one customer is given in IPv6. Calls without a known origin share one count.</summary>
    public byte[] NetworkKey(IPAddress? address) => Key($"network {NetworkOf(address)}");

    /// <summary>The refusal when one of the counts is full; its words and time do not depend on the account's existence.</summary>
    public Problem? Refusal(IReadOnlyList<FailedAttempt> attempts, byte[] address)
    {
        var now = time.GetUtcNow();
        foreach (var attempt in attempts)
        {
            var isAddress = attempt.Key.AsSpan().SequenceEqual(address);
            if (rules.Limited && attempt.Until > now && attempt.Failures >= (isAddress ? rules.PerAddress : rules.PerNetwork))
            {
                return new Problem(
                    429,
                    "tooManyAttempts",
                    "Too many attempts",
                    isAddress
                        ? "There were too many failed sign-ins for this e-mail address. Wait, or reset the password."
                        : "There were too many failed sign-ins from this network. Wait before trying again.")
                {
                    RetryAfter = attempt.Until - now,
                };
            }
        }

        return null;
    }

    public Task<List<FailedAttempt>> FindAsync(byte[][] keys, CancellationToken cancellation) =>
        database.ReadAsync(
            (connection, c) => connection.Command("select key, failures, until from failed_attempts where key = any($1)", (object)keys).ListAsync(FailedAttempt.Read, c),
            cancellation);

    /// <summary>Counts a failure. The account's own count and lock change in the same statement, whether there is an account or not.</summary>
    public async Task CountAsync(byte[] address, byte[] network, Guid? userId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var locked = await database.WriteAsync(
            async (transaction, c) =>
            {
                // Always in the same order, so that two failures at once cannot wait for each other.
                foreach (var key in new[] { address, network }.OrderBy(Convert.ToHexString, StringComparer.Ordinal))
                {
                    await using var count = transaction.Command(
                        """
                        insert into failed_attempts as known (key, failures, since, until) values ($1, 1, $2, $3)
                        on conflict (key) do update set
                            failures = case when known.until <= $2 then 1 else known.failures + 1 end,
                            since = case when known.until <= $2 then $2 else known.since end,
                            until = case when known.until <= $2 then $3 else known.until end
                        """,
                        key, now, now + rules.Window);
                    await count.ExecuteAsync(c);
                }

                await using var account = transaction.Command(
                    """
                    update users set
                        failed_count = case when failed_count + 1 >= $3 then 0 else failed_count + 1 end,
                        locked_until = case when failed_count + 1 >= $3 then $4 else locked_until end
                    where id = $1 and (locked_until is null or locked_until <= $2)
                    returning locked_until > $2
                    """,
                    userId ?? Guid.Empty, now, rules.LockAfter, now + rules.LockFor);
                return await account.ExecuteScalarAsync(c) is true;
            },
            cancellation);
        if (locked)
        {
            AccountLocked(userId ?? Guid.Empty, rules.LockFor.TotalSeconds);
        }
    }

    [LoggerMessage(EventId = 4302, Level = LogLevel.Warning, Message = "Account {UserId} is locked for {Seconds} s after too many wrong passwords.")]
    private partial void AccountLocked(Guid userId, double seconds);

    /// <summary>The right password was shown: what the account's owner mistyped before is forgiven. The network's count stays.</summary>
    public Task ForgiveAsync(byte[] address, Guid userId, CancellationToken cancellation) =>
        database.WriteAsync((transaction, c) => ForgiveAsync(transaction, address, userId, c), cancellation);

    public static async Task ForgiveAsync(NpgsqlTransaction transaction, byte[] address, Guid userId, CancellationToken cancellation)
    {
        await using var clear = transaction.Command("delete from failed_attempts where key = $1", address);
        await clear.ExecuteAsync(cancellation);
        await using var unlock = transaction.Command(
            "update users set failed_count = 0, locked_until = null where id = $1 and (failed_count > 0 or locked_until is not null)", userId);
        await unlock.ExecuteAsync(cancellation);
    }

    internal static string NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(plain.GetAddressBytes().AsSpan(0, 8)) : plain.ToString();
    }

    private byte[] Key(string text) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text));
}

internal sealed record FailedAttempt(byte[] Key, int Failures, DateTimeOffset Until)
{
    public static FailedAttempt Read(NpgsqlDataReader row) =>
        new(row.GetFieldValue<byte[]>(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2));
}
