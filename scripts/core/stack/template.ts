/** What CloudFormation takes in a request, without a bucket.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const templateLimit = 51_200
