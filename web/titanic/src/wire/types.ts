export type PassengerClass = 1 | 2 | 3;
export type Sex = 'male' | 'female' | 'other';
export type Port = 'C' | 'Q' | 'S';

export interface Person {
  readonly uuid: string;
  readonly passengerId: number;
  readonly survived: boolean;
  readonly passengerClass: number;
  readonly name: string;
  readonly sex: string;
  readonly age: number | null;
  readonly siblings: number;
  readonly parents: number;
  readonly ticket: string | null;
  readonly fare: number;
  readonly cabin: string | null;
  readonly embarked: string | null;
  readonly updatedAt: string;
  readonly version: number;
}

export interface PeoplePage {
  readonly items: readonly Person[];
  readonly next: string | null;
  readonly previous: string | null;
  readonly total: number | null;
}

/** One group of people, told apart by the values of what was asked to group by. */
export interface Group {
  readonly values: Readonly<Record<string, string>>;
  readonly count: number;
  readonly survived: number;
  readonly averageAge: number | null;
  readonly averageFare: number | null;
}
