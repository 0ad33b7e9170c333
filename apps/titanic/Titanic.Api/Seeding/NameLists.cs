namespace Titanic.Api.Seeding;

/// <summary>Words that invented names are made of. None of them is a passenger's.</summary>
internal static class NameLists
{
    public static readonly string[] Men = Split(
        """
        Adam Albert Alexander Alfred Ambrose Andrew Anton Archibald Arne Arthur Augustus Barnaby Bartholomew Benedict Benjamin Bernard Bertram Carl Casper Cecil Charles
        Christian Clarence Claude Clement Conrad Cornelius Cuthbert Cyril Daniel David Denis Dominic Donald Duncan Edgar Edmund Edward Edwin Einar Elias Elliot Emil Eric Ernest
        Eugene Felix Ferdinand Fergus Francis Frank Frederick Gabriel George Gerald Gilbert Godfrey Gregory Gunnar Gustav Hamish Harald Harold Harvey Hector Henry Herbert Hjalmar
        Horace Howard Hubert Hugh Isaac Ivan Jacob James Jasper Jerome John Jonas Joseph Julian Karl Kenneth Lambert Lars Laurence Leo Leonard Leopold Lewis Louis Lucian Magnus
        Malcolm Marcus Martin Matthew Maurice Maximilian Michael Miles Nathaniel Nicholas Nils Noah Norman Oliver Olof Oscar Oswald Otto Owen Patrick Paul Percival Peter Philip
        Quentin Ralph Raphael Raymond Reginald Richard Robert Roderick Roger Roland Rudolf Rupert Samuel Sebastian Septimus Sidney Sigurd Silas Simon Stanley Stephen Sven Theodore
        Thomas Tobias Valentine Victor Vincent Walter Wilfred William Xavier
        """);

    public static readonly string[] Women = Split(
        """
        Ada Adelaide Agatha Agnes Alberta Alexandra Alice Alma Amelia Anastasia Anna Anneliese Antonia Astrid Augusta Beatrice Bertha Birgit Blanche Bridget Camilla Caroline
        Catherine Cecilia Celeste Charlotte Clara Clementine Constance Cora Cordelia Daphne Delia Dorothea Edith Eleanor Elin Elisabeth Ella Ellen Elsa Emilia Emily Emma Estelle
        Esther Ethel Eugenia Eva Evelyn Fanny Flora Florence Frances Freda Genevieve Georgina Gerda Gertrude Gladys Grace Greta Hanna Harriet Hazel Hedwig Helena Henrietta Hilda
        Honora Ida Ingeborg Ingrid Irene Iris Isabel Jane Janet Jemima Jessie Johanna Josephine Judith Julia Karin Kate Katarina Laura Lavinia Leonora Lilian Linnea Louisa Lucy
        Lydia Mabel Magdalena Maren Margaret Maria Marian Martha Mathilda Maud Mildred Millicent Minna Miriam Myrtle Nancy Nellie Nora Olga Olive Ottilie Patience Paula Pauline
        Penelope Philippa Phoebe Priscilla Rachel Rebecca Rosa Rosalind Rose Ruth Sarah Selina Signe Sigrid Sofia Stella Susan Sylvia Thea Theresa Ursula Valborg Vera Victoria
        Viola Violet Wilhelmina Winifred Ylva Zelda
        """);

    public static readonly string[] Families = Split(
        """
        Abernathy Ackerby Adlercreutz Ainsworth Alderbrook Almqvistad Amberley Applegarth Arkwright Ashdown Atterbury Aylesford Babcock Bainbridge Balfourth Barrowclough Bartlow
        Beaconsfield Beechworth Bellweather Bergendahl Berrisford Birkenshaw Blackwater Blomhof Bolingmere Bramblecote Branksome Breckenridge Brightwell Brockhurst Bromfield Byquist
        Calloway Cardew Carlingford Carrowmore Castlemain Chadbourne Charlesworth Chesterton Claverdon Cloudesley Coldstream Corbridge Cornwallis Coverdale Cranleigh Crosthwaite
        Cumberbatch Dahlbeck Dalrymple Danforth Darkmoor Davenport Dearborn Delacourt Denholm Derwentwater Devereaux Dimmock Dovercourt Drakenberg Drummore Dunsmuir Eaglesham
        Eastlake Ebbersdorf Edgeworth Ekstrand Elderfield Ellsworth Elphinstone Emberton Engstrand Escott Everdene Fairbrother Falkenberg Farnsworth Faversham Featherstone Fenwick
        Ferncastle Finchley Fitzwarren Fjellstad Flamborough Fordingham Forsberg Foxglove Fremantle Frobisher Gainsford Galbraith Garroway Gathorne Gillingham Glastonbury Glenfield
        Goldthwait Granholm Graythorpe Greenaway Grimsdyke Gyllenborg Hadleigh Halloran Hammerfest Harcourt Hardcastle Harrowby Hartigan Hathersage Hawksmoor Hazelrigg Heatherly
        Hedlund Hendriksen Hepplewhite Hexham Highgate Hjortsberg Holloway Honeychurch Hornblower Huntingdon Illingworth Inchbald Ingleby Ironside Iversholm Jarrow Jernigan
        Jocelyn Juniper Kaldbak Kavanagh Kellerman Kenilworth Kettlewell Kilbride Kingsley Kinnaird Kirkbride Klingspor Kristofferson Lachlan Ladbroke Lambourne Lancaster Langstrom
        Larkspur Lauderdale Leatherby Leighton Lilliecrona Lindqvistad Linton Littlewood Llewellyn Lochhead Lofthouse Lorimer Lovelace Lundgaard Lyndhurst Macalister Mainwaring
        Malmsbury Manningham Marchbanks Marlowe Mattingly Mayfair Meadowcroft Melbury Merriweather Middlebrook Mistleton Monkhouse Montclair Moorcroft Mortensgaard Mountjoy Mulholland
        Napier Nethercott Nettleship Newbolt Nightingale Norrington Northcote Nystad Oakeshott Ockham Oddvarsen Ogilvie Oldcastle Ollerenshaw Ormsby Ostergaard Otterburn Oxenford
        Palliser Pargeter Partridge Pemberton Pendragon Penhaligon Pettigrew Pickersgill Pinkerton Plumtree Polwarth Prendergast Quarrier Quayle Quillfeather Rackham Radcliffe
        Ravenscroft Redfern Ridgeway Riversdale Rosengard Rothwell Rowntree Rushworth Rutherford Sandringham Saltonstall Scarborough Sedgewick Selkirk Severnake Shackleford
        Silverthorne Skarsgard Smallbone Somerled Southwell Sparrowhawk Spruance Stanhope Steadman Sternhall Stonebridge Strandvik Stratherne Summerhayes Swinburne Tamworth Tavistock
        Templecombe Thackeray Thistlewood Thornbury Tillotson Tollemache Torrington Trelawney Tremayne Tunstall Underhill Upjohn Uppingham Vandeleur Vanterpool Venables Vinterberg
        Wainwright Wakefield Waldegrave Warrender Waterhouse Weatherby Wellbeloved Westergaard Wetherell Whitcombe Wickersham Wildegoose Willoughby Winterbourne Wolverton Woodhouse
        Wrexham Wynyard Yarborough Yellowley Ystad Zetterholm
        """);

    private static string[] Split(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
