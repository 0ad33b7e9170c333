using FsCheck;
using FsCheck.Fluent;
using Slipway.Identity.ApiKeys;

namespace Slipway.Identity.Tests.ApiKeys;

public sealed class ApiKeyRuleTests
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static ApiKey Kept(ApiKeyText text) => new()
    {
        Id = text.Id,
        UserId = Guid.NewGuid(),
        Name = "Warehouse",
        Environment = text.Environment,
        SecretHash = text.Hash(),
        Scopes = ["retail.orders:read"],
        CreatedAt = s_now,
        ExpiresAt = s_now.AddDays(90),
    };

    [Fact]
    public void A_key_is_read_as_it_was_written_and_hides_its_secret_from_logs()
    {
        var key = ApiKeyText.New("live");

        Assert.Equal(key, ApiKeyText.Read(key.Write()));
        Assert.Matches("^slp_live_[a-z2-9]{12}_[a-z2-9]{51}$", key.Write());
        Assert.DoesNotContain(key.Secret, $"{key}", StringComparison.Ordinal);
    }

    [Fact]
    public void It_opens_until_it_expires_or_is_revoked()
    {
        var text = ApiKeyText.New("live");
        var key = Kept(text);

        Assert.True(ApiKeyRule.Opens(key, text, "live", s_now));
        Assert.False(ApiKeyRule.Opens(key, text, "live", key.ExpiresAt));
        Assert.False(ApiKeyRule.Opens(key with { RevokedAt = s_now }, text, "live", s_now));
        Assert.False(ApiKeyRule.Opens(key, text, "test", s_now));
        Assert.False(ApiKeyRule.Opens(key, text with { Environment = "test" }, "live", s_now));
        Assert.False(ApiKeyRule.Opens(key, ApiKeyText.New("live") with { Id = text.Id }, "live", s_now));
    }

    [Fact]
    public void Only_a_hash_is_kept_and_the_hash_belongs_to_the_id()
    {
        var text = ApiKeyText.New("live");
        Assert.NotEqual(text.Hash(), (text with { Id = ApiKeyText.New("live").Id }).Hash());
        Assert.Equal(32, text.Hash().Length);
    }

    [Fact]
    public void The_last_use_is_written_once_a_minute()
    {
        var key = Kept(ApiKeyText.New("live"));
        Assert.True(ApiKeyRule.IsUseWorthWriting(key, s_now));
        Assert.False(ApiKeyRule.IsUseWorthWriting(key with { LastUsedAt = s_now.AddSeconds(-59) }, s_now));
        Assert.True(ApiKeyRule.IsUseWorthWriting(key with { LastUsedAt = s_now.AddSeconds(-60) }, s_now));
    }

    [Fact]
    public void No_other_text_is_a_key() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true), Prop.ForAll<NonEmptyString, NonNegativeInt>((extra, place) =>
        {
            var text = ApiKeyText.New("live").Write();
            var changed = text.Insert(place.Get % (text.Length + 1), extra.Get);
            Assert.True(ApiKeyText.Read(changed) is null || ApiKeyText.Read(changed)!.Write() == changed);
            Assert.Null(ApiKeyText.Read(extra.Get));
        }));
}
