using Npgsql;
using Slipway.Identity.Accounts;
using Slipway.Sdk.Database;

namespace Slipway.Identity.SignIns;

/// <summary>Everything the database knows about an attempt. <see cref="Login"/> is absent for unknown and inactive accounts.</summary>
internal sealed record SignInPicture(IReadOnlyList<FailedAttempt> Attempts, Account? Account, int FailuresInRow, LoginRecord? Login);

internal sealed class SignInPictures(Database database, bool baseline)
{
    /// <summary>
    /// One round trip. The account with its security version is read before the hash: a password changed in between then pairs the new
    /// hash with the old version, which merely is not remembered; the other order would let an old password be remembered under the
    /// new version.
    /// </summary>
    public Task<SignInPicture> ReadAsync(string email, byte[] address, byte[] network, bool withLogin, CancellationToken cancellation) =>
        database.ReadAsync(
            async (connection, c) =>
            {
                await using var batch = new NpgsqlBatch(connection);
                // Named one by one: with a list the server would plan the statement anew each time.
                Add(batch, "select key, failures, until from failed_attempts where key in ($1, $2)", address, network);
                Add(batch, $"select {AccountStore.Columns}, failed_count from users where email = $1", email);
                if (withLogin)
                {
                    Add(batch, baseline ? LoginQuery.Baseline : LoginQuery.Optimized, email);
                }

                await using var reader = await batch.ExecuteReaderAsync(c);
                var attempts = new List<FailedAttempt>(2);
                while (await reader.ReadAsync(c))
                {
                    attempts.Add(FailedAttempt.Read(reader));
                }

                await reader.NextResultAsync(c);
                var (account, failuresInRow) = await reader.ReadAsync(c) ? (AccountStore.Read(reader), reader.GetInt32(reader.FieldCount - 1)) : (null, 0);
                LoginRecord? login = null;
                if (withLogin)
                {
                    await reader.NextResultAsync(c);
                    login = await reader.ReadAsync(c) ? LoginQuery.Read(reader) : null;
                }

                return new SignInPicture(attempts, account, failuresInRow, login);
            },
            cancellation);

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        batch.BatchCommands.Add(command);
    }
}
