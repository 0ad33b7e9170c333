using Slipway.Identity.Passwords;

namespace Slipway.Identity.Tests.Passwords;

public sealed class VerifiedCredentialsTests
{
    private static readonly Guid s_ada = Guid.NewGuid();

    private readonly StillTime _time = new();

    [Fact]
    public void A_proven_password_is_remembered_for_its_time()
    {
        using var remembered = Remembering();
        remembered.Remember("ada@example.org", "secret", s_ada, 7);

        Assert.Equal(new Remembered(s_ada, 7), remembered.Find("ada@example.org", "secret"));
        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.NotNull(remembered.Find("ada@example.org", "secret"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(remembered.Find("ada@example.org", "secret"));
    }

    [Fact]
    public void Another_password_or_address_is_not_remembered()
    {
        using var remembered = Remembering();
        remembered.Remember("ada@example.org", "secret", s_ada, 7);

        Assert.Null(remembered.Find("ada@example.org", "Secret"));
        Assert.Null(remembered.Find("ada@example.or", "gsecret"));
        Assert.Null(remembered.Find("bob@example.org", "secret"));
    }

    [Fact]
    public void A_remembered_password_holds_for_one_account_in_one_state_only()
    {
        var remembered = new Remembered(s_ada, 7);
        Assert.True(remembered.Holds(s_ada, 7));
        Assert.False(remembered.Holds(s_ada, 8));
        Assert.False(remembered.Holds(Guid.NewGuid(), 7));
    }

    [Fact]
    public void The_key_is_the_documented_one() => Assert.Equal("user:ada@example.org", VerifiedCredentials.KeyFor("ada@example.org"));

    [Fact]
    public void The_oldest_goes_when_the_cache_is_full()
    {
        using var remembered = Remembering(max: 3);
        for (var number = 0; number < 5; number++)
        {
            remembered.Remember($"user{number}", "secret", s_ada, 1);
        }

        Assert.Equal(3, remembered.Count);
        Assert.Null(remembered.Find("user0", "secret"));
        Assert.NotNull(remembered.Find("user4", "secret"));
    }

    [Fact]
    public void Signing_in_again_and_again_does_not_push_others_out()
    {
        using var remembered = Remembering(max: 3);
        remembered.Remember("bob", "secret", s_ada, 1);
        for (var number = 0; number < 50; number++)
        {
            remembered.Remember("ada", "secret", s_ada, 1);
        }

        Assert.NotNull(remembered.Find("bob", "secret"));
        Assert.NotNull(remembered.Find("ada", "secret"));
    }

    [Fact]
    public void Sweeping_takes_what_is_over_and_leaves_what_was_renewed()
    {
        using var remembered = Remembering();
        remembered.Remember("ada", "secret", s_ada, 1);
        remembered.Remember("bob", "secret", s_ada, 1);
        _time.Advance(TimeSpan.FromSeconds(200));
        remembered.Remember("ada", "secret", s_ada, 1);
        _time.Advance(TimeSpan.FromSeconds(150));
        remembered.Sweep();

        Assert.Equal(1, remembered.Count);
        Assert.NotNull(remembered.Find("ada", "secret"));
    }

    [Fact]
    public void A_lifetime_of_zero_remembers_nothing()
    {
        using var remembered = new VerifiedCredentials(TimeSpan.Zero, TimeSpan.FromMinutes(1), 10, _time);
        remembered.Remember("ada", "secret", s_ada, 1);
        Assert.Null(remembered.Find("ada", "secret"));
        Assert.Equal(0, remembered.Count);
    }

    private VerifiedCredentials Remembering(int max = 100) => new(TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(60), max, _time);
}
