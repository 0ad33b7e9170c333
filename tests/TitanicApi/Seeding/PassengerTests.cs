using Titanic.Api.People;
using Titanic.Api.Seeding;

namespace Slipway.TitanicApi.Tests.Seeding;

public sealed class PassengerTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    private static readonly List<PersonContent> s_list = [.. Make(PassengerSlots.Count).Select(person => person.Content)];

    [Fact]
    public void There_are_891_in_three_classes_and_342_survived()
    {
        Assert.Equal(891, s_list.Count);
        Assert.Equal([216, 184, 491], Classes(_ => true));
        Assert.Equal([136, 87, 119], Classes(person => person.Survived));
        Assert.Equal(342, s_list.Count(person => person.Survived));
    }

    [Theory]
    [InlineData(1, "female", 94, 91)]
    [InlineData(1, "male", 122, 45)]
    [InlineData(2, "female", 76, 70)]
    [InlineData(2, "male", 108, 17)]
    [InlineData(3, "female", 144, 72)]
    [InlineData(3, "male", 347, 47)]
    public void Of_each_class_and_sex_as_many_as_were_published(int number, string sex, int people, int survived)
    {
        var group = s_list.Where(person => person.Class == number && person.Sex == sex).ToList();

        Assert.Equal((people, survived), (group.Count, group.Count(person => person.Survived)));
    }

    [Fact]
    public void What_is_known_of_them_is_known_of_as_many_as_were_published()
    {
        Assert.Equal((577, 314), (s_list.Count(person => person.Sex == "male"), s_list.Count(person => person.Sex == "female")));
        Assert.Equal((109, 233), (s_list.Count(person => person is { Sex: "male", Survived: true }), s_list.Count(person => person is { Sex: "female", Survived: true })));
        Assert.Equal(177, s_list.Count(person => person.Age is null));
        Assert.Equal(687, s_list.Count(person => person.Cabin is null));
        Assert.Equal([644, 168, 77, 2], new[] { "S", "C", "Q", null }.Select(port => s_list.Count(person => person.Embarked == port)));
    }

    [Theory]
    [InlineData("C", 168, 93)]
    [InlineData("Q", 77, 30)]
    [InlineData("S", 644, 217)]
    [InlineData(null, 2, 2)]
    public void Of_each_port_as_many_survived_as_were_published(string? port, int people, int survived) =>
        Assert.Equal((people, survived), Fate(person => person.Embarked == port));

    [Fact]
    public void Of_children_youths_and_those_of_unknown_age_as_many_survived_as_were_published()
    {
        Assert.Equal((69, 40), Fate(person => person.Age < 13));
        Assert.Equal((44, 21), Fate(person => person.Age is >= 13 and < 18));
        Assert.Equal((601, 229), Fate(person => person.Age >= 18));
        Assert.Equal((177, 52), Fate(person => person.Age is null));
    }

    [Fact]
    public void Ages_and_fares_are_such_as_their_class_had()
    {
        var ages = new[] { 1, 2, 3 }.Select(number => s_list.Where(person => person.Class == number && person.Age is not null).Average(person => person.Age!.Value)).ToList();
        var fares = new[] { 1, 2, 3 }.Select(number => s_list.Where(person => person.Class == number).Average(person => person.Fare)).ToList();

        Assert.InRange(ages[0], 33, 45);
        Assert.InRange(ages[1], 25, 35);
        Assert.InRange(ages[2], 21, 30);
        Assert.InRange(fares[0], 60, 110);
        Assert.InRange(fares[1], 12, 30);
        Assert.InRange(fares[2], 7, 20);
        Assert.InRange(s_list.Count(person => person.Age >= 60), 10, 45);
    }

    [Fact]
    public void The_same_seed_makes_the_same_people_and_another_makes_others()
    {
        var (first, again) = (Make(1_200), Make(1_200));

        Assert.Equal(first, again);
        Assert.NotEqual(first, Make(1_200, seed: 7));
        Assert.Equal(1_200, first.Select(person => person.Uuid).Distinct().Count());
        Assert.All(first, person => Assert.Equal(7, person.Uuid.Version));
        Assert.DoesNotContain(Make(1_200, tenant: "olympic"), person => first.Exists(other => other.Uuid == person.Uuid));
    }

    [Fact]
    public void Everybody_who_is_invented_could_have_been_sent()
    {
        foreach (var person in Make(5_000))
        {
            var checkedOne = PersonRules.Check(PersonRules.BodyOf(person.Content));
            Assert.True(checkedOne.Is(out var content, out var problem), problem?.Detail);
            Assert.Equal(person.Content, content);
        }
    }

    private static List<Titanic.Api.People.Person> Make(int count, long seed = Population.SeedDefault, string tenant = "titanic") =>
        [.. Enumerable.Range(1, count).Select(number => PassengerMaker.Make(tenant, seed, number, s_now))];

    private static (int People, int Survived) Fate(Func<PersonContent, bool> which) => (s_list.Count(which), s_list.Count(person => person.Survived && which(person)));

    private static List<int> Classes(Func<PersonContent, bool> which) => [.. new[] { 1, 2, 3 }.Select(number => s_list.Count(person => person.Class == number && which(person)))];
}
