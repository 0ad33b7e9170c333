using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Slipway.Api.Access;
using Slipway.Api.Certificates;
using Slipway.Api.Tests.Hosting;

namespace Slipway.Api.Tests;

public sealed class CertificateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-certificates-").FullName;
    private readonly SettableTime _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ServingCertificates Open(params string[] names) =>
        ServingCertificates.Open(new CertificateOptions { Folder = _folder, Names = names }, _time);

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("kubernetes.default")]
    [InlineData("box.example.test")]
    [InlineData("192.0.2.7")]
    public void The_certificate_speaks_for_every_name(string name)
    {
        using var certificates = Open("box.example.test", "192.0.2.7");
        Assert.True(certificates.Current.MatchesHostname(name, allowCommonName: false));
    }

    [Fact]
    public void A_second_start_uses_what_the_first_has_made()
    {
        using var first = Open();
        using var second = Open();
        Assert.Equal(first.Authority.Thumbprint, second.Authority.Thumbprint);
        Assert.Equal(first.Current.Thumbprint, second.Current.Thumbprint);
    }

    [Fact]
    public void A_second_start_with_a_pattern_among_the_names_keeps_the_certificate_too()
    {
        using var first = Open("*.apps.example.test");
        using var second = Open("*.apps.example.test");
        Assert.Equal(first.Current.Thumbprint, second.Current.Thumbprint);
        Assert.True(second.Current.MatchesHostname("shop.apps.example.test", allowCommonName: false));
    }

    [Fact]
    public void A_new_name_makes_a_new_certificate_under_the_same_authority()
    {
        using var first = Open();
        using var second = Open("new.example.test");
        Assert.Equal(first.Authority.Thumbprint, second.Authority.Thumbprint);
        Assert.NotEqual(first.Current.Thumbprint, second.Current.Thumbprint);
    }

    [Fact]
    public void A_certificate_is_renewed_before_it_ends_while_the_server_runs()
    {
        using var certificates = Open();
        var first = certificates.Current;
        _time.Advance(TimeSpan.FromDays(200));
        Assert.Same(first, certificates.Current);
        _time.Advance(TimeSpan.FromDays(60));
        var second = certificates.Current;
        Assert.NotEqual(first.Thumbprint, second.Thumbprint);
        Assert.True(second.NotAfter > first.NotAfter);
        Assert.Same(second, certificates.Current);
    }

    [Fact]
    public void Keys_are_readable_by_their_owner_only()
    {
        using var certificates = Open();
        _ = certificates.Current;
        foreach (var file in Directory.GetFiles(_folder))
        {
            Assert.True(IsPrivate(file), file);
        }
    }

    [Fact]
    public void A_spoilt_file_is_replaced()
    {
        using (var certificates = Open())
        {
            _ = certificates.Current;
        }

        File.WriteAllText(Path.Combine(_folder, "serving.crt"), "not a certificate");
        using var again = Open();
        Assert.True(again.Current.HasPrivateKey);
    }

    [Fact]
    public void A_kubeconfig_carries_server_trust_and_token_and_is_private()
    {
        using var certificates = Open();
        var path = Path.Combine(_folder, "kubeconfig");
        Kubeconfig.Write(path, new Uri("https://127.0.0.1:6443/"), certificates.AuthorityPem, "secret-token");
        var text = File.ReadAllText(path);
        Assert.Contains("server: https://127.0.0.1:6443\n", text);
        Assert.Contains("token: \"secret-token\"", text);
        Assert.Contains("certificate-authority-data: LS0t", text);
        Assert.True(IsPrivate(path));
    }

    [Fact]
    public async Task A_client_certificate_names_its_user_and_groups()
    {
        using var certificates = ServingCertificates.Open(new CertificateOptions { Folder = _folder }, TimeProvider.System);
        await using var api = await ApiHost.StartAsync(settings =>
        {
            settings.Access = new AccessOptions { ClientAuthority = certificates.Authority };
            settings.Listen = listen => listen.UseHttps(https =>
            {
                https.ServerCertificateSelector = (_, _) => certificates.Current;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            });
        });

        using var trusted = certificates.IssueClient("carol", [Caller.AdministratorsGroup], TimeSpan.FromDays(1));
        Assert.Contains("\"username\":\"carol\"", await WhoAmIAsync(api, certificates.Authority, trusted));

        using var elsewhere = ServingCertificates.Open(new CertificateOptions { Folder = Path.Combine(_folder, "other") }, TimeProvider.System);
        using var foreign = elsewhere.IssueClient("carol", [Caller.AdministratorsGroup], TimeSpan.FromDays(1));
        Assert.Contains("Unauthorized", await WhoAmIAsync(api, certificates.Authority, foreign));
    }

    private static bool IsPrivate(string file) =>
        OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite);

    private static async Task<string> WhoAmIAsync(ApiHost api, X509Certificate2 authority, X509Certificate2 client)
    {
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [client],
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(60) };
        var address = new Uri($"https://localhost:{api.Address.Port}/apis/authentication.k8s.io/v1/selfsubjectreviews");
        using var response = await http.PostAsync(address, new StringContent("{}"));
        return await response.Content.ReadAsStringAsync();
    }

    private sealed class SettableTime(DateTimeOffset now) : TimeProvider
    {
        private DateTimeOffset _now = now;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
