using Microsoft.AspNetCore.Http;

namespace Slipway.Sdk.Callers;

/// <summary>The caller of a request, for handlers.</summary>
public static class CallerContext
{
    public static Caller Caller(this HttpContext http) =>
        http.CallerOrNull() ?? throw new InvalidOperationException($"{http.GetEndpoint()?.DisplayName} reads its caller but is open to all.");

    public static Caller? CallerOrNull(this HttpContext http) => http.Features.Get<Caller>();
}
