using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Database;

namespace Slipway.Sdk.Sessions;

/// <summary>
/// The key of the sessions: SESSION_KEY, or one made once and kept in the service's database. The latter lets sessions outlive
/// a restart without any set-up, but encrypts nothing against somebody who has the database. SESSION_KEY_PREVIOUS opens what was
/// sealed before a change of keys, and seals nothing.
/// </summary>
internal sealed partial class SessionKeys(byte[]? configured, byte[]? previous, Database.Database database, ILogger<SessionKeys> logger) : IDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private volatile SessionSeal? _seal = configured is null ? null : new SessionSeal(configured, previous);

    public async ValueTask<SessionSeal> SealAsync(CancellationToken cancellation)
    {
        if (_seal is { } seal)
        {
            return seal;
        }

        await _opening.WaitAsync(cancellation);
        try
        {
            if (_seal is null)
            {
                LogKeyInDatabase(logger);
                _seal = new SessionSeal(await KeptAsync(cancellation));
            }

            return _seal;
        }
        finally
        {
            _opening.Release();
        }
    }

    public void Dispose()
    {
        _seal?.Dispose();
        _opening.Dispose();
    }

    private Task<byte[]> KeptAsync(CancellationToken cancellation) => database.WriteAsync(
        async (transaction, token) =>
        {
            await transaction.Command("insert into slipway.session_keys (id, key) values (1, $1) on conflict do nothing", RandomNumberGenerator.GetBytes(32)).ExecuteAsync(token);
            return (await transaction.Command("select key from slipway.session_keys").OneAsync(row => row.GetFieldValue<byte[]>(0), token))!;
        },
        cancellation);

    [LoggerMessage(EventId = 8401, Level = LogLevel.Warning, Message = "SESSION_KEY is not set; sessions are sealed with a key kept in the database beside them. Set it to 32 random bytes in base64")]
    private static partial void LogKeyInDatabase(ILogger logger);
}
