using System.Net.Http.Headers;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

namespace Slipway.Identity.Tests;

/// <summary>The rules that every service keeps, asked of this one.</summary>
public sealed class ConformanceTests(IdentitySubject subject) : ConformanceSuite(subject), IClassFixture<IdentitySubject>;

public sealed class IdentitySubject(TestPostgres postgres) : ConformanceSubject
{
    private const string Email = "conforming@example.org";

    private readonly List<RunningIdentity> _running = [];
    private string _token = "";

    public override string QueryPath => "/api/v1/account";

    public override string BodyPath => "/auth/login";

    public override string ValidBody => $$"""{"email":"{{Email}}","password":"{{RunningIdentity.Password}}"}""";

    public override string SourceFolder => "src/Identity";

    public override async Task<RunningService> StartAsync()
    {
        var identity = _running.Count == 0 ? await RunningIdentity.StartAsync(postgres) : await _running[0].AnotherAsync();
        if (_running.Count == 0)
        {
            _token = (await identity.RegisterAsync(Email))["token"]!.GetValue<string>();
        }

        _running.Add(identity);
        return identity.Service;
    }

    public override void Authorize(HttpRequestMessage request) => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
}
