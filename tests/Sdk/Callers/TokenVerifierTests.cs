using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Tests.Callers;

/// <summary>Tokens from people who know how verifiers fail.</summary>
public sealed class TokenVerifierTests : IDisposable
{
    private const string Issuer = "https://identity.example.test";
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly StandingTime _time = new(s_now);
    private readonly FixedKeys _keys;
    private readonly TokenVerifier _verifier;

    public TokenVerifierTests()
    {
        _keys = new FixedKeys(KeySet(("k1", _key)));
        _verifier = new TokenVerifier(_keys, new TokenRules(Issuer, "todo"), _time);
    }

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task A_good_token_says_who_calls()
    {
        var user = Guid.CreateVersion7();
        var caller = (await VerifyAsync(Token(claims =>
        {
            claims["sub"] = user.ToString();
            claims["scope"] = "todo.todos:read todo.todos:write";
            claims["roles"] = new JsonArray("admin");
            claims["amr"] = new JsonArray("pwd", "otp");
            claims["email"] = "a@example.test";
            claims["email_verified"] = true;
            claims["auth_time"] = 1_799_999_000;
            claims["client_id"] = "todo-web";
        }))).Value;

        Assert.Equal(user, caller.UserId);
        Assert.Equal(CallerKind.User, caller.Kind);
        Assert.Equal(["todo.todos:read", "todo.todos:write"], caller.Scopes.Order());
        Assert.Contains("admin", caller.Roles);
        Assert.Contains("otp", caller.Methods);
        Assert.True(caller.EmailVerified);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_799_999_000), caller.AuthenticatedAt);
        Assert.Equal("todo-web", caller.ClientId);
    }

    [Fact]
    public async Task A_service_is_a_caller_without_an_account()
    {
        var caller = (await VerifyAsync(Token(claims => (claims["sub"], claims["client_id"]) = ("worker", "worker")))).Value;

        Assert.Equal((CallerKind.Service, Guid.Empty, "worker"), (caller.Kind, caller.UserId, caller.Subject));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("RS256")]
    [InlineData("ES384")]
    [InlineData("es256")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Only_one_algorithm_is_accepted_whatever_the_token_says(string? algorithm) =>
        await RefusedAsync(Token(header: header => header["alg"] = algorithm), "ES256");

    [Fact]
    public async Task A_token_without_a_signature_is_refused()
    {
        var header = Encode("""{"alg":"none","typ":"at+jwt","kid":"k1"}""");
        var token = Token();
        await RefusedAsync($"{header}.{token.Split('.')[1]}.", "compact form");
        await RefusedAsync(token[..token.LastIndexOf('.')], "compact form");
    }

    [Fact]
    public async Task A_token_signed_with_the_public_key_as_a_secret_is_refused()
    {
        var point = _key.ExportSubjectPublicKeyInfo();
        var signed = $"{Encode("""{"alg":"HS256","typ":"at+jwt","kid":"k1"}""")}.{Token().Split('.')[1]}";
        await RefusedAsync($"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(point, Encoding.ASCII.GetBytes(signed)))}", "ES256");
    }

    [Fact]
    public async Task A_key_that_the_token_brings_along_is_not_used()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var token = Token(header: header => header["jwk"] = JsonNode.Parse(KeySet(("k1", stranger)))!["keys"]![0]!.DeepClone(), key: stranger);

        await RefusedAsync(token, "signature");
    }

    [Fact]
    public async Task A_key_nobody_knows_is_refused() => await RefusedAsync(Token(header: header => header["kid"] = "k2"), "not known");

    [Fact]
    public async Task A_token_must_name_its_key()
    {
        await RefusedAsync(Token(header: header => header.Remove("kid")), "does not name its key");
        await RefusedAsync(Token(header: header => header["kid"] = 7), "does not name its key");
        await RefusedAsync(Token(header: header => header["kid"] = new string('k', 300)), "does not name its key");
    }

    [Theory]
    [InlineData("id+jwt")]
    [InlineData("dpop+jwt")]
    [InlineData(null)]
    public async Task A_token_of_another_kind_is_refused(string? type) => await RefusedAsync(Token(header: header => header["typ"] = type), "not an access token");

    [Theory]
    [InlineData("JWT")]
    [InlineData("at+JWT")]
    [InlineData("application/at+jwt")]
    public async Task The_kind_may_be_spelt_as_the_standards_allow(string type) =>
        Assert.Null((await VerifyAsync(Token(header: header => header["typ"] = type))).Problem);

    [Fact]
    public async Task Extensions_that_must_be_understood_are_not() => await RefusedAsync(Token(header: header => header["crit"] = new JsonArray("exp")), "extensions");

    [Fact]
    public async Task Another_issuer_is_refused()
    {
        await RefusedAsync(Token(claims => claims["iss"] = Issuer + "/"), "another issuer");
        await RefusedAsync(Token(claims => claims.Remove("iss")), "another issuer");
    }

    [Fact]
    public async Task A_token_for_another_service_is_refused()
    {
        await RefusedAsync(Token(claims => claims["aud"] = "retail"), "another service");
        await RefusedAsync(Token(claims => claims["aud"] = new JsonArray("retail", "identity")), "another service");
        await RefusedAsync(Token(claims => claims["aud"] = "todo.evil"), "another service");
        await RefusedAsync(Token(claims => claims["aud"] = 7), "another service");
        await RefusedAsync(Token(claims => claims.Remove("aud")), "another service");
        Assert.Null((await VerifyAsync(Token(claims => claims["aud"] = new JsonArray("identity", "todo")))).Problem);
    }

    [Fact]
    public async Task A_token_ends_at_its_time_give_or_take_half_a_minute()
    {
        Assert.Null((await VerifyAsync(Token(claims => claims["exp"] = s_now.ToUnixTimeSeconds() - 29))).Problem);
        await RefusedAsync(Token(claims => claims["exp"] = s_now.ToUnixTimeSeconds() - 30), "expired");
        await RefusedAsync(Token(claims => claims.Remove("exp")), "when it expires");
        await RefusedAsync(Token(claims => claims["exp"] = "1900000000"), "when it expires");
        await RefusedAsync(Token(claims => claims["exp"] = 1e300), "when it expires");
    }

    [Fact]
    public async Task A_token_begins_at_its_time_give_or_take_half_a_minute()
    {
        Assert.Null((await VerifyAsync(Token(claims => claims["nbf"] = s_now.ToUnixTimeSeconds() + 30))).Problem);
        await RefusedAsync(Token(claims => claims["nbf"] = s_now.ToUnixTimeSeconds() + 31), "not valid yet");
        await RefusedAsync(Token(claims => claims["nbf"] = "soon"), "not valid yet");
    }

    [Fact]
    public async Task A_token_without_a_subject_is_refused() => await RefusedAsync(Token(claims => claims.Remove("sub")), "subject");

    [Fact]
    public async Task A_token_that_is_too_long_is_not_even_looked_at() =>
        await RefusedAsync(Token(claims => claims["name"] = new string('x', 9_000)), "too long");

    [Fact]
    public async Task A_name_that_comes_twice_makes_a_token_unreadable()
    {
        var signed = $"{Encode("""{"alg":"ES256","alg":"none","typ":"at+jwt","kid":"k1"}""")}.{Token().Split('.')[1]}";
        await RefusedAsync($"{signed}.{Sign(signed, _key)}", "compact form");
    }

    [Fact]
    public async Task One_changed_bit_anywhere_makes_a_token_worthless()
    {
        var token = Token();
        for (var at = 0; at < token.Length; at++)
        {
            var changed = token.ToCharArray();
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            Assert.NotNull((await VerifyAsync(new string(changed))).Problem);
        }
    }

    [Fact]
    public async Task Padding_and_other_spellings_of_a_good_token_are_refused()
    {
        var token = Token();
        await RefusedAsync(token + "=", "compact form");
        await RefusedAsync(" " + token, "compact form");
        await RefusedAsync(token + ".x", "compact form");
        await RefusedAsync(token.Replace(".", "..", StringComparison.Ordinal), "compact form");
    }

    [Fact]
    public async Task Stray_bits_behind_the_signature_are_refused()
    {
        // Only two bits of the last character count; one ending in A has another spelling ending in B.
        var token = Token();
        while (token[^1] != 'A')
        {
            token = Token();
        }

        await RefusedAsync(token[..^1] + "B", "compact form");
    }

    [Fact]
    public void Whatever_comes_is_answered_and_never_accepted() =>
        Prop.ForAll<string>(text => text is null || VerifyAsync(text).AsTask().GetAwaiter().GetResult().Problem is not null).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_verified_token_is_remembered_but_never_longer_than_it_is_valid()
    {
        var token = Token(claims => claims["exp"] = s_now.ToUnixTimeSeconds() + 60);
        Assert.Null((await VerifyAsync(token)).Problem);
        _keys.Asked = 0;

        _time.Now = s_now.AddSeconds(59);
        Assert.Null((await VerifyAsync(token)).Problem);
        Assert.Equal(0, _keys.Asked);

        _time.Now = s_now.AddSeconds(91);
        await RefusedAsync(token, "expired");
    }

    [Fact]
    public async Task What_is_remembered_is_forgotten_after_five_minutes()
    {
        var token = Token(claims => claims["exp"] = s_now.ToUnixTimeSeconds() + 3_600);
        Assert.Null((await VerifyAsync(token)).Problem);
        _keys.Asked = 0;

        _time.Now = s_now.AddMinutes(5);

        Assert.Null((await VerifyAsync(token)).Problem);
        Assert.Equal(1, _keys.Asked);
    }

    [Fact]
    public void The_example_of_rfc_7515_appendix_a_3_is_verified()
    {
        const string Signed = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        var signature = Base64Url.DecodeFromChars("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
        var keys = JsonWebKeys.Parse(Encoding.UTF8.GetBytes("""
            {"keys":[{"kty":"EC","crv":"P-256","kid":"rfc","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
            """)).Value;

        Assert.True(keys.Verify("rfc", Encoding.ASCII.GetBytes(Signed), signature));
        Assert.False(keys.Verify("rfc", Encoding.ASCII.GetBytes(Signed + "x"), signature));
        signature[0] ^= 1;
        Assert.False(keys.Verify("rfc", Encoding.ASCII.GetBytes(Signed), signature));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"keys\":7}")]
    public void A_key_set_that_is_none_is_a_problem(string document) => Assert.NotNull(JsonWebKeys.Parse(Encoding.UTF8.GetBytes(document)).Problem);

    [Fact]
    public void Keys_that_are_not_for_signing_on_that_curve_are_passed_over()
    {
        var keys = JsonWebKeys.Parse(Encoding.UTF8.GetBytes("""
            {"keys":[7,{"kty":"RSA","kid":"a"},{"kty":"EC","crv":"P-384","kid":"b"},{"kty":"EC","crv":"P-256","use":"enc","kid":"c"},
            {"kty":"EC","crv":"P-256","kid":"d","x":"AAAA","y":"AAAA"},
            {"kty":"EC","crv":"P-256","kid":"off-curve","x":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","y":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"}]}
            """)).Value;

        Assert.Equal(0, keys.Count);
    }

    private async Task RefusedAsync(string token, string because)
    {
        var problem = (await VerifyAsync(token)).Problem;
        Assert.NotNull(problem);
        Assert.Equal(401, problem.Status);
        Assert.Contains(because, problem.Detail, StringComparison.Ordinal);
        Assert.StartsWith("Bearer error=\"invalid_token\"", problem.Headers.Single(header => header.Key == "WWW-Authenticate").Value, StringComparison.Ordinal);
    }

    private ValueTask<Outcome<Caller>> VerifyAsync(string token) => _verifier.VerifyAsync(token, CancellationToken.None);

    private string Token(Action<JsonObject>? claims = null, Action<JsonObject>? header = null, ECDsa? key = null)
    {
        var body = new JsonObject { ["iss"] = Issuer, ["aud"] = "todo", ["sub"] = "somebody", ["exp"] = s_now.ToUnixTimeSeconds() + 600 };
        claims?.Invoke(body);
        var head = new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = "k1" };
        header?.Invoke(head);
        var signed = $"{Encode(head.ToJsonString())}.{Encode(body.ToJsonString())}";
        return $"{signed}.{Sign(signed, key ?? _key)}";
    }

    private static string Sign(string signed, ECDsa key) =>
        Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string KeySet(params (string Kid, ECDsa Key)[] keys) => new JsonObject
    {
        ["keys"] = new JsonArray([.. keys.Select(pair =>
        {
            var point = pair.Key.ExportParameters(false).Q;
            return (JsonNode)new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = pair.Kid, ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
        })]),
    }.ToJsonString();

    private sealed class FixedKeys(string document) : IKeySource
    {
        private readonly JsonWebKeys _keys = JsonWebKeys.Parse(Encoding.UTF8.GetBytes(document)).Value;

        public int Asked { get; set; }

        public ValueTask<JsonWebKeys> KeysAsync(string kid, CancellationToken cancellation)
        {
            Asked++;
            return ValueTask.FromResult(_keys);
        }
    }
}
