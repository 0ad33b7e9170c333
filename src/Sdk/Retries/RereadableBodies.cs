using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Slipway.Sdk.Retries;

/// <summary>
/// Keeps the body of a request that carries an Idempotency-Key: the handler reads it before anybody knows that it must be
/// compared with an earlier one.
/// </summary>
internal sealed class RereadableBodies : IStartupFilter
{
    private const int MemoryBytesMax = 256 * 1024;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static (http, following) =>
        {
            if (http.Request.Headers.ContainsKey(IdempotencyKey.HeaderName))
            {
                http.Request.EnableBuffering(MemoryBytesMax);
            }

            return following(http);
        });
        next(app);
    };
}
